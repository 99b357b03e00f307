using System.Net.Security;
using System.Text;
using Matriarch.TestKit;

namespace Matriarch.Wire.Tests;

/// <summary>Our client at PostgreSQL's door, and PostgreSQL's client at ours.</summary>
public sealed class RealLoginTests(RealServer server) : IClassFixture<RealServer>
{
    [Theory]
    [InlineData("plain", "pencil", "pencil")]
    [InlineData("composed", "\u00E9t\u00E9", "e\u0301t\u00E9")]
    [InlineData("compatible", "\uFB01\u2168\u00A0\u00AA", "fiIX a")]
    [InlineData("invisible", "I\u00ADX", "IX")]
    [InlineData("hangul", "\uAC01", "\u1100\u1161\u11A8")]
    [InlineData("marks", "a\u0307\u0323", "\u1EA1\u0307")]
    [InlineData("greek", "\u1F80\u0345\u03D2\u0301", "\u1F80\u0345\u03D2\u0301")]
    [InlineData("unassigned", "e\u0301\U0001F600", "e\u0301\U0001F600")]
    [InlineData("directions", "\u0627e\u0301", "\u0627e\u0301")]
    public async Task Postgresql_lets_in_who_knows_the_password(string role, string password, string typed)
    {
        var verifier = ScramVerifier.TryParse(await server.MakeRoleAsync(role, password));
        Assert.Equal((4096, 16), (verifier!.Iterations, verifier.Salt.Length));
        foreach (var encrypted in new[] { false, true })
        {
            var (outcome, login) = await LoginAsync(role, OfPassword(typed), encrypted);
            Assert.Equal("ready", outcome);
            Assert.True(login.IsServerProven);
        }

        Assert.Equal("28P01", (await LoginAsync(role, OfPassword(typed + "x"), encrypted: false)).Outcome);
        Assert.Equal("28P01", (await LoginAsync(role, OfPassword(typed + "x"), encrypted: true)).Outcome);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Any_password_has_the_verifier_that_postgresql_makes_of_it(int seed)
    {
        var random = new Random(seed);
        var passwords = Enumerable.Range(0, 400).Select(_ => AnyPassword(random)).ToList();
        Assert.InRange(passwords.Count(p => !SaslPrep.Prepare(Utf8(p)).AsSpan().SequenceEqual(Utf8(p))), 50, 350);
        var verifiers = await server.VerifiersOfAsync(passwords);
        foreach (var (password, text) in passwords.Zip(verifiers))
        {
            var verifier = ScramVerifier.TryParse(text)!;
            var own = ScramVerifier.OfPassword(Utf8(password), verifier.Salt, verifier.Iterations);
            Assert.True(
                own.ToSecretText() == text, string.Join(' ', password.EnumerateRunes().Select(r => $"{r.Value:X}")));
        }
    }

    [Fact]
    public async Task Text_that_may_not_be_prepared_is_hashed_as_it_is()
    {
        await server.MakeRoleAsync("raw", "e\u0301\U0001F600");
        Assert.Equal("28P01", (await LoginAsync("raw", OfPassword("\u00E9\U0001F600"), encrypted: false)).Outcome);
    }

    [Fact]
    public async Task Md5_works_where_it_is_allowed()
    {
        await server.MakeRoleAsync("md5er", "old", "md5");
        var credential = LoginCredential.OfPassword("old"u8);
        Assert.Equal("refused", (await LoginAsync("md5er", credential, encrypted: false)).Outcome);
        Assert.Equal("ready", (await LoginAsync("md5er", credential.AlsoByMd5("md5er"u8), encrypted: true)).Outcome);
    }

    [Fact]
    public async Task A_key_recovered_by_our_server_logs_in_at_postgresql()
    {
        var verifier = ScramVerifier.TryParse(await server.MakeRoleAsync("through", "pencil"))!;
        await using var door = new ScramDoor(verifier);
        Assert.Equal("through the door", await PsqlAsync(door, "through", "pencil"));
        var keys = LoginCredential.OfKeys(door.ClientKey, verifier.ServerKey.ToArray());
        foreach (var encrypted in new[] { false, true })
        {
            var (outcome, login) = await LoginAsync("through", keys, encrypted);
            Assert.Equal("ready", outcome);
            Assert.True(login.IsServerProven);
        }
    }

    [Theory]
    [InlineData("prefer")]
    [InlineData("require")]
    [InlineData("disable")]
    public async Task Psql_comes_in_over_tls_bound_to_it(string binding)
    {
        await using var door = new ScramDoor(
            ScramVerifier.OfPassword("pencil"u8, "some salt"u8), TestCertificate.Ecdsa(new("SHA512")));
        Assert.Equal(
            "through the door", await PsqlAsync(door, "ana", "pencil", $"sslmode=require channel_binding={binding}"));
        Assert.Equal(binding != "disable", door.WasBound);
    }

    [Fact]
    public async Task Psql_with_a_wrong_password_or_an_unknown_user_gets_the_same_words()
    {
        await using var door = new ScramDoor(ScramVerifier.OfPassword("pencil"u8, "some salt"u8));
        await using var mock = new ScramDoor(ScramVerifier.Mock("ana"u8, new byte[32]));
        foreach (var each in new[] { door, mock })
        {
            var error = await Assert.ThrowsAsync<InvalidOperationException>(() => PsqlAsync(each, "ana", "pen"));
            Assert.Contains(
                "password authentication failed for user \"ana\"", error.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>One to six characters, mostly of those about which there is something to decide.</summary>
    private static string AnyPassword(Random random)
    {
        (int First, int Last)[] pools =
        [
            ('!', '~'), (0x80, 0x24F), (0x300, 0x36F), (0x370, 0x3FF), (0x5D0, 0x670), (0x900, 0xDFF), (0x1100, 0x11FF),
            (0x1E00, 0x1FFF), (0x2000, 0x206F), (0x2070, 0x22FF), (0x2460, 0x24FF), (0x2E80, 0x30FF), (0x3130, 0x33FF),
            (0xAC00, 0xACFF), (0xF900, 0xFFEF), (0x1D100, 0x1D7FF), (0x1F600, 0x1F64F), (0x2F800, 0x2FA1F),
        ];
        var text = new StringBuilder("\u00E9"); // else it may be ASCII
        var (one, other) = (pools[random.Next(pools.Length)], pools[random.Next(pools.Length)]);
        for (var n = random.Next(1, 6); n > 0; n--)
        {
            var (first, last) = random.Next(2) == 0 ? one : other;
            text.Append(new Rune(random.Next(first, last + 1)));
        }

        return random.Next(2) == 0 ? text.ToString() : text.ToString(1, text.Length - 1);
    }

    private static LoginCredential OfPassword(string password) =>
        LoginCredential.OfPassword(Utf8(password));

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static async Task<string> PsqlAsync(ScramDoor door, string user, string password, string more = "")
    {
        var text = await TestProcess.RunAsync(
            $"{OwnedPostgres.BinDirectory}/psql", "-X", "-At", "-c", "SELECT 'anything'",
            $"host=127.0.0.1 port={door.Port} user={user} password={password} dbname=x connect_timeout=20 {more}");
        return text.Trim();
    }

    private async Task<(string Outcome, ScramLogin Login)> LoginAsync(
        string user, LoginCredential credential, bool encrypted)
    {
        await using var connection = await WireConnection.ToAsync(server.Port);
        var channel = ScramChannel.Plain;
        if (encrypted)
        {
            await connection.SendAsync(StartupRequests.Ssl());
            Assert.Equal((byte)'S', (await connection.ReadAsync(1))[0]);
            var tls = new SslStream(
                connection.Stream, false,
                (_, shown, _, _) => shown?.GetCertHashString() == server.CertificateHash);
            await tls.AuthenticateAsClientAsync("localhost");
            connection.Upgrade(tls);
            channel = ScramChannel.Tls(tls.RemoteCertificate!.GetRawCertData());
            Assert.NotNull(channel.ServerEndPoint);
        }

        var login = new ScramLogin(credential, channel);
        await connection.SendAsync(
            StartupMessage.Create(ProtocolVersion.Version30, ("user", user), ("database", "postgres")).Encode());
        while (true)
        {
            var (code, body) = await connection.ReadMessageAsync();
            switch (code)
            {
                case BackendCode.Authentication when login.Answer(body) is { } answer:
                    await connection.SendAsync(answer);
                    break;
                case BackendCode.Authentication:
                    return ("refused", login);
                case BackendCode.ErrorResponse:
                    return (ServerMessage.TryParse(body)!.SqlState, login);
                case BackendCode.ReadyForQuery:
                    return ("ready", login);
            }
        }
    }
}
