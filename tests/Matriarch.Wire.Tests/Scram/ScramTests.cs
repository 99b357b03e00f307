using System.Security.Cryptography;
using System.Text;

namespace Matriarch.Wire.Tests;

/// <summary>A login that is watched, the key behind it, and a login with that key; the numbers are those of RFC 7677,
/// section 3.</summary>
public sealed class ScramTests
{
    private const string ServerFirst =
        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";

    private const string ClientFinal =
        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";

    private static readonly byte[] Salt = Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ==");

    [Fact]
    public void Who_has_seen_a_login_and_knows_the_verifier_learns_the_key()
    {
        var witness = Watch("n,,n=user,r=rOprNGfwEbeRWgbNEkqO", ClientFinal);
        Assert.True(witness is { IsOver: true, WasAsked: true });
        var key = ScramKeys.RecoverClientKey(Verifier("pencil"), witness.AuthMessage, witness.Proof);
        Assert.Equal(ClientKey("pencil"), key);
    }

    [Fact]
    public void A_proof_of_another_password_or_a_verifier_of_another_kind_gives_no_key()
    {
        var witness = Watch("n,,n=user,r=rOprNGfwEbeRWgbNEkqO", ClientFinal);
        Assert.Null(ScramKeys.RecoverClientKey(Verifier("pen"), witness.AuthMessage, witness.Proof));
        string[] others = ["", "md5c4ca4238a0b923820dcc509a6f75849b", "SCRAM-SHA-256$4096:x", "SCRAM-SHA-256$1$a:b"];
        foreach (var other in others)
        {
            Assert.Null(ScramKeys.RecoverClientKey(other, witness.AuthMessage, witness.Proof));
        }

        Assert.Null(ScramKeys.RecoverClientKey(Verifier("pencil"), witness.AuthMessage, witness.Proof.AsSpan(1)));
    }

    [Fact]
    public void A_login_with_the_key_is_accepted_by_the_same_verifier()
    {
        const string Nonce = "rOprNGfwEbeRWgbNEkqO";
        var login = new ScramLogin(LoginCredential.OfKeys(ClientKey("pencil")), ScramChannel.Plain, Nonce);
        var first = Reply(login, AuthenticationKind.Sasl, "SCRAM-SHA-256\0\0")!;
        Assert.Contains("SCRAM-SHA-256\0", first, StringComparison.Ordinal);
        var bare = first[(first.IndexOf("n,,", StringComparison.Ordinal) + 3)..];
        var serverFirst = $"r={Nonce}more,s={Convert.ToBase64String(Salt)},i=4096";

        var final = Reply(login, AuthenticationKind.SaslContinue, serverFirst)!;

        var withoutProof = final[5..final.LastIndexOf(",p=", StringComparison.Ordinal)];
        var proof = Convert.FromBase64String(final[(final.LastIndexOf(",p=", StringComparison.Ordinal) + 3)..]);
        var signed = Encoding.Latin1.GetBytes($"{bare},{serverFirst},{withoutProof}");
        Assert.Equal(ClientKey("pencil"), ScramKeys.RecoverClientKey(Verifier("pencil"), signed, proof));
        Assert.Equal("", Reply(login, AuthenticationKind.SaslFinal, "v=whatever"));
        Assert.Equal("", Reply(login, AuthenticationKind.Ok, ""));
    }

    [Fact]
    public void A_server_that_answers_somebody_else_gets_no_proof()
    {
        Assert.Null(Reply(Login(), AuthenticationKind.SaslContinue, ServerFirst));
        Assert.Null(Reply(Login(), AuthenticationKind.Sasl, "SCRAM-SHA-256-PLUS\0\0"));
        Assert.Null(Reply(Login(), AuthenticationKind.Md5Password, "salt"));
        Assert.Null(Reply(ScramLogin.With(null), AuthenticationKind.Sasl, "SCRAM-SHA-256\0\0"));
        Assert.Null(Login().Answer([0, 0]));
        var login = Login();
        Assert.NotNull(Reply(login, AuthenticationKind.Sasl, "SCRAM-SHA-256\0\0"));
        Assert.Null(Reply(login, AuthenticationKind.SaslContinue, ServerFirst)); // another client's nonce
        static ScramLogin Login() => ScramLogin.With(ClientKey("pencil"));
    }

    [Theory]
    [InlineData("p=tls-unique,,n=user,r=x")]
    [InlineData("")]
    public void A_login_bound_to_its_channel_cannot_be_repeated(string clientFirst) =>
        Assert.Null(Watch(clientFirst, ClientFinal).AuthMessage);

    [Fact]
    public void A_login_that_asks_for_nothing_is_told_from_one_that_asks_for_a_password()
    {
        var trust = new LoginWitness();
        trust.Server([0, 0, 0, 0]);
        Assert.True(trust is { IsOver: true, WasAsked: false, AuthMessage: null });
        var md5 = new LoginWitness();
        md5.Server([0, 0, 0, 5, 1, 2, 3, 4]);
        md5.Client("md5something\0"u8);
        md5.Server([0, 0, 0, 0]);
        Assert.True(md5 is { IsOver: true, WasAsked: true, AuthMessage: null });
    }

    [Fact]
    public void Garbage_is_watched_without_harm()
    {
        var random = new Random(1);
        for (var i = 0; i < 10_000; i++)
        {
            var witness = new LoginWitness();
            for (var n = 0; n < 6; n++)
            {
                var bytes = new byte[random.Next(60)];
                random.NextBytes(bytes);
                if (bytes.Length > 4 && random.Next(2) == 0)
                {
                    (bytes[0], bytes[1], bytes[2], bytes[3]) = (0, 0, 0, (byte)random.Next(13));
                }

                witness.Client(bytes);
                witness.Server(bytes);
                _ = ScramLogin.With(new byte[32]).Answer(bytes);
                _ = DataRow.TryParse(bytes);
                _ = ParameterStatus.TryParse(bytes);
            }
        }
    }

    private static LoginWitness Watch(string clientFirst, string clientFinal)
    {
        var witness = new LoginWitness();
        witness.Server([0, 0, 0, 10, .. "SCRAM-SHA-256\0\0"u8]);
        var initial = new FrontendWriter().SaslInitial("SCRAM-SHA-256"u8, Encoding.ASCII.GetBytes(clientFirst));
        witness.Client(initial.Bytes.Span[MessageHeader.Size..]);
        witness.Server([0, 0, 0, 11, .. Encoding.ASCII.GetBytes(ServerFirst)]);
        witness.Client(Encoding.ASCII.GetBytes(clientFinal));
        witness.Server([0, 0, 0, 12, .. "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="u8]);
        witness.Server([0, 0, 0, 0]);
        return witness;
    }

    private static string? Reply(ScramLogin login, int kind, string data)
    {
        var answer = login.Answer([0, 0, 0, (byte)kind, .. Encoding.Latin1.GetBytes(data)]);
        return answer is null ? null : Encoding.Latin1.GetString(answer);
    }

    private static byte[] ClientKey(string password) => HMACSHA256.HashData(Salted(password), "Client Key"u8);

    private static byte[] Salted(string password) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), Salt, 4096, HashAlgorithmName.SHA256, 32);

    private static string Verifier(string password) =>
        $"SCRAM-SHA-256$4096:{Convert.ToBase64String(Salt)}"
        + $"${Convert.ToBase64String(SHA256.HashData(ClientKey(password)))}"
        + $":{Convert.ToBase64String(HMACSHA256.HashData(Salted(password), "Server Key"u8))}";
}
