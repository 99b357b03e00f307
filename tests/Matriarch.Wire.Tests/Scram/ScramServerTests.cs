using System.Text;

namespace Matriarch.Wire.Tests;

/// <summary>The server's side; the numbers are those of RFC 7677, section 3.</summary>
public sealed class ScramServerTests
{
    private const string ClientFirst = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO";
    private const string Nonce = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    private const string Proof = "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
    private static readonly byte[] Salt = Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ==");
    private static readonly ScramVerifier Pencil = ScramVerifier.OfPassword("pencil"u8, Salt);
    private static readonly ScramChannel Tls = new(true, "hash of a certificate"u8.ToArray());

    [Fact]
    public void The_exchange_of_the_rfc_is_the_one_that_it_gives()
    {
        var server = Server();
        Assert.Equal($"r={Nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096", Challenge(server.Take(Initial(ClientFirst))));
        var accepted = Assert.IsType<ScramServerStep.Accepted>(server.Take(Final($"c=biws,r={Nonce},{Proof}")));
        Assert.Equal("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", Data(accepted.Message, 12));
        Assert.Equal(ScramKeys.OfPassword("pencil"u8, Salt, 4096).ClientKey, accepted.ClientKey);
        Assert.DoesNotContain(Convert.ToHexString(accepted.ClientKey), accepted.ToString(), StringComparison.Ordinal);
        Assert.IsType<ScramServerStep.Refused>(server.Take(Final($"c=biws,r={Nonce},{Proof}"))); // it is over
    }

    [Fact]
    public void The_first_message_may_come_after_an_empty_challenge()
    {
        var server = Server();
        Assert.Equal("", Challenge(server.Take([.. "SCRAM-SHA-256\0"u8, 255, 255, 255, 255])));
        Assert.StartsWith("r=", Challenge(server.Take(Encoding.ASCII.GetBytes(ClientFirst))), StringComparison.Ordinal);
        Assert.IsType<ScramServerStep.Accepted>(server.Take(Final($"c=biws,r={Nonce},{Proof}")));
    }

    [Theory]
    [InlineData("c=biws,r=" + Nonce + ",p=AAAAZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", "28P01", "invalid-proof")]
    [InlineData("c=biws,r=" + Nonce + "x," + Proof, "08P01", "other-error")]
    [InlineData("c=biws,r=rOprNGfwEbeRWgbNEkqO," + Proof, "08P01", "other-error")]
    [InlineData("c=eSws,r=" + Nonce + "," + Proof, "08P01", "channel-bindings-dont-match")]
    [InlineData("c=,r=" + Nonce + "," + Proof, "08P01", "channel-bindings-dont-match")]
    [InlineData("c=biws,r=" + Nonce, "08P01", "other-error")]
    [InlineData("c=biws,r=" + Nonce + ",p=", "08P01", "other-error")]
    [InlineData("c=biws,r=" + Nonce + ",p=AAAA", "08P01", "other-error")]
    [InlineData("c=biws,r=" + Nonce + "," + Proof + ",x=y", "08P01", "other-error")]
    [InlineData("c=biws,r=" + Nonce + ",??,p=AAAA", "08P01", "other-error")]
    [InlineData("r=" + Nonce + "," + Proof, "08P01", "other-error")]
    [InlineData("", "08P01", "other-error")]
    [InlineData("c=biws,r=" + Nonce + "," + Proof + "\0", "08P01", "other-error")]
    public void A_wrong_final_message_is_refused(string final, string state, string reason)
    {
        var server = Server();
        Challenge(server.Take(Initial(ClientFirst)));
        AssertRefused(server.Take(Final(final)), state, reason);
    }

    [Fact]
    public void Optional_extensions_are_ignored_and_signed()
    {
        var server = Server();
        Challenge(server.Take(Initial(ClientFirst + ",x=anything,y=")));
        // The proof is of other messages, so it is wrong; but the form is right.
        AssertRefused(server.Take(Final($"c=biws,r={Nonce},z=1,{Proof}")), "28P01", "invalid-proof");
    }

    [Theory]
    [InlineData("", "08P01")]
    [InlineData("n", "08P01")]
    [InlineData("n,", "08P01")]
    [InlineData("n,,", "08P01")]
    [InlineData("n,,n=", "08P01")]
    [InlineData("n,,n=,r=", "08P01")]
    [InlineData("n,,n=,r=a b", "08P01")]
    [InlineData("n,,n=,r=ä", "08P01")]
    [InlineData("n,,r=abc,n=", "08P01")]
    [InlineData("n,,n=,r=abc,?", "08P01")]
    [InlineData("n,,n=,r=abc\0", "08P01")]
    [InlineData("q,,n=,r=abc", "08P01")]
    [InlineData("n,a=admin,n=,r=abc", "0A000")]
    [InlineData("n,,m=must,n=,r=abc", "0A000")]
    [InlineData("p=tls-server-end-point,,n=,r=abc", "08P01")]
    public void A_wrong_first_message_is_refused(string first, string state) =>
        AssertRefused(Server().Take(Initial(first)), state);

    [Fact]
    public void A_client_that_was_told_of_no_channel_binding_where_there_is_one_is_refused()
    {
        AssertRefused(
            Server(Tls).Take(Initial("y,,n=,r=abc")), "28000", "server-does-support-channel-binding");
        Challenge(Server(Tls).Take(Initial("n,,n=,r=abc"))); // one that knows none may come
        Challenge(Server().Take(Initial("y,,n=,r=abc"))); // and there really is none
    }

    [Theory]
    [InlineData("n,,n=,r=abc", "08P01")]
    [InlineData("y,,n=,r=abc", "08P01")]
    [InlineData("p=tls-unique,,n=,r=abc", "08P01")]
    [InlineData("p=tls-server-end-point", "08P01")]
    [InlineData("p=tls-server-end-point,a=x,n=,r=abc", "0A000")]
    public void A_login_with_channel_binding_has_to_bind(string first, string state) =>
        AssertRefused(Server(Tls).Take(Initial(first, "SCRAM-SHA-256-PLUS")), state);

    [Fact]
    public void A_login_bound_to_another_channel_is_refused()
    {
        var login = new ScramLogin(LoginCredential.OfPassword("pencil"u8), new(true, "another"u8.ToArray()));
        var server = ScramServer.For(Pencil, "ana", Tls);
        var first = login.Answer(server.Request().AsSpan(5))!;
        Assert.Contains("p=tls-server-end-point", Encoding.ASCII.GetString(first), StringComparison.Ordinal);
        var challenge = Assert.IsType<ScramServerStep.Challenge>(server.Take(first.AsSpan(5)));
        AssertRefused(
            server.Take(login.Answer(challenge.Message.AsSpan(5)).AsSpan(5)), "28000", "channel-bindings-dont-match");
    }

    [Fact]
    public void Mechanisms_are_those_that_can_be_done()
    {
        Assert.Equal("SCRAM-SHA-256\0\0", Data(Server().Request(), AuthenticationKind.Sasl));
        Assert.Equal("SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0", Data(Server(Tls).Request(), AuthenticationKind.Sasl));
        AssertRefused(Server().Take(Initial(ClientFirst, "SCRAM-SHA-1")), "08P01");
        AssertRefused(Server().Take(Initial(ClientFirst, "SCRAM-SHA-256-PLUS")), "08P01");
        AssertRefused(Server().Take("SCRAM-SHA-256"u8), "08P01");
        AssertRefused(Server().Take([.. "SCRAM-SHA-256\0"u8, 0, 0, 0, 9, (byte)'n']), "08P01");
        AssertRefused(Server().Take([.. "SCRAM-SHA-256\0"u8, 128, 0, 0, 0]), "08P01");
        AssertRefused(Server().Take(new byte[ScramServer.MaxMessage + 1]), "08P01");
    }

    [Fact]
    public void An_unknown_user_sees_what_a_known_one_with_a_wrong_password_sees()
    {
        var secret = new byte[32];
        var mock = ScramVerifier.Mock("nobody"u8, secret);
        Assert.Equal(mock.Salt, ScramVerifier.Mock("nobody"u8, secret).Salt);
        Assert.False(mock.Salt.SequenceEqual(ScramVerifier.Mock("anybody"u8, secret).Salt));
        Assert.False(mock.Salt.SequenceEqual(ScramVerifier.Mock("nobody"u8, [1, .. secret]).Salt));
        Assert.Equal((Salt.Length, 4096), (mock.Salt.Length, mock.Iterations));

        var (unknown, _) = Login(ScramServer.For(mock, "ana", ScramChannel.Plain), "x");
        var (wrong, _) = Login(ScramServer.For(Pencil, "ana", ScramChannel.Plain), "x");
        Assert.Equal(
            Assert.IsType<ScramServerStep.Refused>(wrong).Error, Assert.IsType<ScramServerStep.Refused>(unknown).Error);
    }

    [Theory]
    [InlineData("pencil")]
    [InlineData("")]
    [InlineData("Пароль ½ e\u0301")]
    public void Our_own_client_is_let_in_by_our_own_server_with_and_without_binding(string password)
    {
        var verifier = ScramVerifier.OfPassword(Encoding.UTF8.GetBytes(password), "salt"u8, 1);
        foreach (var channel in new[] { ScramChannel.Plain, Tls, Tls with { MustBind = true } })
        {
            var (step, login) = Login(ScramServer.For(verifier, "ana", channel), password, channel);
            Assert.IsType<ScramServerStep.Accepted>(step);
            Assert.True(login.IsServerProven, login.Refusal);
            Assert.Empty(login.Answer([0, 0, 0, 0])!);
        }
    }

    [Fact]
    public void A_verifier_survives_as_text_and_damaged_ones_are_none()
    {
        var text = Pencil.ToSecretText();
        Assert.Equal(text, ScramVerifier.TryParse(text)?.ToSecretText());
        for (var length = 0; length < text.Length; length++)
        {
            Assert.Null(ScramVerifier.TryParse(text[..length]));
        }

        string[] damaged =
        [
            text.Replace("4096", "0", StringComparison.Ordinal), text.Replace("4096", "-1", StringComparison.Ordinal),
            text.Replace("4096", "99999999999", StringComparison.Ordinal),
            text.Replace("4096", " 4096", StringComparison.Ordinal), text + "AAAA", text + ":AAAA", "x" + text,
            text.Replace("W22ZaJ0SNY7soEsUEjb6gQ==", "", StringComparison.Ordinal),
            text.Replace("W22Z", "????", StringComparison.Ordinal), text + new string('A', 5000),
        ];
        Assert.All(damaged, d => Assert.Null(ScramVerifier.TryParse(d)));
    }

    private static ScramServer Server(ScramChannel? channel = null) =>
        new(Pencil, "user", channel ?? ScramChannel.Plain, Nonce[20..]);

    /// <summary>Runs a login to its end.</summary>
    private static (ScramServerStep Last, ScramLogin Login) Login(
        ScramServer server, string password, ScramChannel? channel = null)
    {
        var login = new ScramLogin(
            LoginCredential.OfPassword(Encoding.UTF8.GetBytes(password)), channel ?? ScramChannel.Plain);
        var message = server.Request();
        while (true)
        {
            var reply = login.Answer(message.AsSpan(MessageHeader.Size));
            Assert.True(reply is not null, login.Refusal);
            var step = server.Take(reply.AsSpan(MessageHeader.Size));
            if (step is not ScramServerStep.Challenge challenge)
            {
                if (step is ScramServerStep.Accepted accepted)
                {
                    Assert.Empty(login.Answer(accepted.Message.AsSpan(MessageHeader.Size))!);
                }

                return (step, login);
            }

            message = challenge.Message;
        }
    }

    private static byte[] Initial(string data, string mechanism = "SCRAM-SHA-256") =>
        new FrontendWriter().SaslInitial(Encoding.ASCII.GetBytes(mechanism), Encoding.Latin1.GetBytes(data))
            .Bytes[MessageHeader.Size..].ToArray();

    private static byte[] Final(string text) => Encoding.Latin1.GetBytes(text);

    private static string Challenge(ScramServerStep step) =>
        Data(Assert.IsType<ScramServerStep.Challenge>(step).Message, AuthenticationKind.SaslContinue);

    private static string Data(byte[] message, int kind)
    {
        Assert.True(AuthenticationMessage.TryRead(message.AsSpan(MessageHeader.Size), out var authentication));
        Assert.Equal(kind, authentication.Kind);
        return Encoding.ASCII.GetString(authentication.Data);
    }

    private static void AssertRefused(ScramServerStep step, string state, string? reason = null)
    {
        var refused = Assert.IsType<ScramServerStep.Refused>(step);
        Assert.Equal(("FATAL", state), (refused.Error.Severity, refused.Error.SqlState));
        Assert.Equal(reason ?? refused.Reason, refused.Reason);
    }
}
