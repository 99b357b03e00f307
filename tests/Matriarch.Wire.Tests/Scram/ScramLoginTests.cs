using System.Text;

namespace Matriarch.Wire.Tests;

/// <summary>What a client takes from a server, and what it does not.</summary>
public sealed class ScramLoginTests
{
    private static readonly ScramChannel Tls = new(true, "hash"u8.ToArray());

    [Theory]
    [InlineData("SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0", "SCRAM-SHA-256-PLUS", "p=tls-server-end-point,,n=,r=")]
    [InlineData("SCRAM-SHA-256\0\0", "SCRAM-SHA-256", "y,,n=,r=")]
    public void Over_tls_it_binds_or_says_that_it_could(string offered, string mechanism, string first) =>
        Assert.Contains(
            $"{mechanism}\0", Text(Begin(Tls, offered)) is var sent && sent.Contains(first, StringComparison.Ordinal)
                ? sent : "", StringComparison.Ordinal);

    [Fact]
    public void A_certificate_without_a_binding_is_no_lie()
    {
        var sent = Text(Begin(new ScramChannel(true, null), "SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0"));
        Assert.Contains("SCRAM-SHA-256\0", sent, StringComparison.Ordinal);
        Assert.Contains("n,,n=,r=", sent, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_a_binding_is_required_nothing_else_will_do()
    {
        var strict = Tls with { MustBind = true };
        Assert.Null(Begin(strict, "SCRAM-SHA-256\0\0"));
        Assert.Null(Login(strict).Answer([0, 0, 0, 0])); // let in without a question
        Assert.Null(Begin(ScramChannel.Plain with { MustBind = true }, "SCRAM-SHA-256\0\0"));
        Assert.NotNull(Begin(strict, "SCRAM-SHA-256-PLUS\0\0"));
        var md5 = new ScramLogin(LoginCredential.OfPassword("x"u8).AlsoByMd5("u"u8), strict);
        Assert.Null(md5.Answer([0, 0, 0, 5, 1, 2, 3, 4]));
    }

    [Fact]
    public void A_server_that_believes_to_speak_tls_where_we_do_not_is_refused() =>
        Assert.Null(Begin(ScramChannel.Plain, "SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0"));

    [Fact]
    public void Nobody_is_believed_before_he_has_proven_himself()
    {
        var verifier = ScramVerifier.OfPassword("x"u8, "salt"u8, 1);
        var (login, server, final) = UntilProof(verifier);
        Assert.Null(login.Answer([0, 0, 0, 0]));
        Assert.False(login.IsServerProven);

        (login, server, final) = UntilProof(verifier);
        var accepted = Assert.IsType<ScramServerStep.Accepted>(server.Take(final.AsSpan(5)));
        accepted.Message[^3] ^= 1;
        Assert.Null(login.Answer(accepted.Message.AsSpan(5)));
        Assert.Contains("could not prove", login.Refusal, StringComparison.Ordinal);
        accepted.Message[^3] ^= 1;
        Assert.Null(login.Answer(accepted.Message.AsSpan(5))); // once refused is refused

        (login, _, _) = UntilProof(verifier);
        Assert.Null(login.Answer([0, 0, 0, 12, .. "e=other-error"u8]));
        (login, _, _) = UntilProof(verifier);
        Assert.Null(login.Answer([0, 0, 0, 12, .. "v="u8]));
        (login, _, _) = UntilProof(verifier);
        Assert.Null(login.Answer([0, 0, 0, 10, .. "SCRAM-SHA-256\0\0"u8])); // begun anew
    }

    [Theory]
    [InlineData("s=c2FsdA==,i=1", true)]
    [InlineData("s=c2FsdA==,i=1,x=extension", true)]
    [InlineData("s=c2FsdA==,i=0", false)]
    [InlineData("s=c2FsdA==,i=-1", false)]
    [InlineData("s=c2FsdA==,i=10000001", false)]
    [InlineData("s=c2FsdA==,i=99999999999", false)]
    [InlineData("s=c2FsdA==,i=", false)]
    [InlineData("s=c2FsdA==", false)]
    [InlineData("s=,i=1", false)]
    [InlineData("s=*,i=1", false)]
    [InlineData("i=1,s=c2FsdA==", false)]
    public void A_challenge_is_looked_at_before_the_work_is_done(string rest, bool isGood)
    {
        var login = new ScramLogin(LoginCredential.OfPassword("x"u8), ScramChannel.Plain, "abc");
        Assert.NotNull(login.Answer([0, 0, 0, 10, .. "SCRAM-SHA-256\0\0"u8]));
        var challenge = Encoding.ASCII.GetBytes("r=abcd," + rest);
        Assert.Equal(isGood, login.Answer([0, 0, 0, 11, .. challenge]) is not null);
    }

    [Fact]
    public void A_challenge_with_nothing_of_the_servers_own_is_a_replay()
    {
        var login = new ScramLogin(LoginCredential.OfPassword("x"u8), ScramChannel.Plain, "abc");
        Assert.NotNull(login.Answer([0, 0, 0, 10, .. "SCRAM-SHA-256\0\0"u8]));
        Assert.Null(login.Answer([0, 0, 0, 11, .. "r=abc,s=c2FsdA==,i=1"u8]));
    }

    [Fact]
    public void Md5_is_answered_where_it_is_allowed_only()
    {
        byte[] question = [0, 0, 0, 5, 1, 2, 3, 4];
        Assert.Null(Login(ScramChannel.Plain).Answer(question));
        var login = new ScramLogin(LoginCredential.OfPassword("pw"u8).AlsoByMd5("ana"u8), ScramChannel.Plain);
        // SELECT 'md5' || md5(decode(md5('pwana'), 'escape') || '\x01020304')
        Assert.Equal("md5ee31357dd868b01f6a57c7a9c099cc5f\0", Text(login.Answer(question))[5..]);
        Assert.Null(
            new ScramLogin(LoginCredential.OfPassword("pw"u8).AlsoByMd5("ana"u8), ScramChannel.Plain)
                .Answer([0, 0, 0, 5, 1, 2, 3]));
        Assert.Null(Login(ScramChannel.Plain).Answer([0, 0, 0, 3])); // never in clear
        Assert.Throws<InvalidOperationException>(() => LoginCredential.OfKeys(new byte[32]).AlsoByMd5("u"u8));
    }

    private static ScramLogin Login(ScramChannel channel) => new(LoginCredential.OfPassword("x"u8), channel);

    private static byte[]? Begin(ScramChannel channel, string offered) =>
        Login(channel).Answer([0, 0, 0, 10, .. Encoding.ASCII.GetBytes(offered)]);

    private static string Text(byte[]? bytes) => Encoding.Latin1.GetString(bytes ?? []);

    private static (ScramLogin Login, ScramServer Server, byte[] Final) UntilProof(ScramVerifier verifier)
    {
        var (login, server) = (Login(ScramChannel.Plain), ScramServer.For(verifier, "u", ScramChannel.Plain));
        var challenge = server.Take(login.Answer(server.Request().AsSpan(5)).AsSpan(5));
        return (login, server,
            login.Answer(Assert.IsType<ScramServerStep.Challenge>(challenge).Message.AsSpan(5))!);
    }
}
