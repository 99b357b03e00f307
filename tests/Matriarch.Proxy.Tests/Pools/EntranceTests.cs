using System.Net.Sockets;
using Matriarch.TestKit;
using Matriarch.Wire;

namespace Matriarch.Proxy.Tests;

public sealed class EntranceTests
{
    [Fact]
    public async Task A_client_hears_what_PostgreSQL_would_tell_it()
    {
        await using var server = await PoolServer.StartAsync();
        using var client = await server.ConnectAsync();
        using var second = await server.ConnectAsync();

        Assert.StartsWith("R S:", client.Welcome, StringComparison.Ordinal);
        Assert.Contains("S:server_version=", client.Welcome, StringComparison.Ordinal);
        Assert.Contains("S:TimeZone=", client.Welcome, StringComparison.Ordinal);
        Assert.DoesNotContain("S:search_path=", client.Welcome, StringComparison.Ordinal);
        Assert.EndsWith("K ZI", client.Welcome, StringComparison.Ordinal);
        Assert.Equal(client.Welcome, second.Welcome);
    }

    [Fact]
    public async Task Startup_parameters_are_the_sessions_settings_and_what_RESET_goes_back_to()
    {
        await using var server = await PoolServer.StartAsync(o => o with { PoolSize = 1 });
        using var client = await server.ConnectAsync(
            ("application_name", "mine"), ("DateStyle", "german"), ("search_path", "a, b"),
            ("options", "-c work_mem=7MB --statement-timeout=5s -c app.tenant=x\\ y"));
        using var plain = await server.ConnectAsync();

        Assert.Contains("S:DateStyle=German, DMY", client.Welcome, StringComparison.Ordinal);
        Assert.Contains("S:application_name=mine", client.Welcome, StringComparison.Ordinal);
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal("T D:7MB C ZI", await client.QueryAsync("SHOW work_mem"));
            Assert.Equal("T D:5s C ZI", await client.QueryAsync("SHOW statement_timeout"));
            Assert.Equal("T D:x y C ZI", await client.QueryAsync("SHOW app.tenant"));
            Assert.Equal("T D:a, b C ZI", await client.QueryAsync("SHOW search_path"));
            Assert.Equal("T D:4MB C ZI", await plain.QueryAsync("SHOW work_mem"));
            Assert.Equal("T D: C ZI", await plain.QueryAsync("SHOW application_name"));
        }

        Assert.Equal("C ZI", await client.QueryAsync("SET search_path = c"));
        Assert.Equal("T D:c C ZI", await client.QueryAsync("SHOW search_path"));
        await client.QueryAsync("RESET ALL");
        Assert.EndsWith("T D:a, b C ZI", await client.QueryAsync("SHOW search_path"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("work_mem", "plenty", "E22023 end")]
    [InlineData("no_such_setting", "1", "E42704 end")]
    [InlineData("options", "-c work_mem", "E42601 end")]
    [InlineData("options", "-B 100", "E42601 end")]
    [InlineData("replication", "database", "E0A000 end")]
    public async Task Parameters_that_cannot_be_end_the_login_and_harm_nobody(
        string name, string value, string expected)
    {
        await using var server = await PoolServer.StartAsync(o => o with { PoolSize = 1 });
        using var client = await server.ConnectAsync((name, value));
        Assert.Equal(expected, client.Welcome);

        using var next = await server.ConnectAsync();
        Assert.Equal("T D:4MB C ZI", await next.QueryAsync("SHOW work_mem"));
    }

    [Fact]
    public async Task An_unknown_database_is_told_as_the_server_tells_it()
    {
        await using var server = await PoolServer.StartAsync();
        using var client = await server.ConnectAsync(("database", "nowhere"));

        Assert.Equal("E3D000 end", client.Welcome);
    }

    [Fact]
    public async Task A_newer_protocol_is_negotiated_down()
    {
        await using var server = await PoolServer.StartAsync();
        using var client = new PoolTestClient(await server.OpenAsync());
        await client.SendAsync(StartupMessage.Create(
            ProtocolVersion.Version32, ("user", "postgres"), ("_pq_.wish", "1")).Encode());

        Assert.StartsWith("v R S:", await client.AnswerAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Encryption_is_declined_and_the_session_goes_on()
    {
        await using var server = await PoolServer.StartAsync();
        var socket = await server.OpenAsync();
        using var client = new PoolTestClient(socket);
        foreach (var request in new[] { StartupRequests.GssEncryption(), StartupRequests.Ssl() })
        {
            await client.SendAsync(request);
            var answer = new byte[1];
            Assert.Equal(1, await socket.ReceiveAsync(answer).WaitAsync(TimeSpan.FromSeconds(10)));
            Assert.Equal((byte)'N', answer[0]);
        }

        await client.SendAsync(StartupMessage.Create(ProtocolVersion.Version30, ("user", "postgres")).Encode());
        Assert.EndsWith("ZI", await client.AnswerAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 7, 0, 3, 0, 0 }, "E08P01 end")]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF }, "E08P01 end")]
    [InlineData(new byte[] { 0, 0, 0, 8, 0, 2, 0, 0 }, "E0A000 end")]
    [InlineData(new byte[] { 0, 0, 0, 9, 0, 3, 0, 0, 0 }, "E28000 end")]
    [InlineData(new byte[] { 0, 0, 0, 9, 0, 3, 0, 0, 65 }, "E08P01 end")]
    public async Task What_is_no_startup_packet_is_refused(byte[] bytes, string expected)
    {
        await using var server = await PoolServer.StartAsync();
        using var client = new PoolTestClient(await server.OpenAsync());
        await client.SendAsync(bytes);

        Assert.Equal(expected, await client.AnswerAsync());
    }

    [Fact]
    public async Task A_cancel_reaches_the_statement_of_its_client_and_no_other()
    {
        await using var server = await PoolServer.StartAsync(o => o with { PoolSize = 2 });
        using var client = await server.ConnectAsync();
        using var other = await server.ConnectAsync();
        var asked = client.QueryAsync("SELECT pg_sleep(60)");
        var others = other.QueryAsync("SELECT pg_sleep(1)");
        await Eventually.HoldsAsync("both run", async () => await server.AskAsync<long>(
            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active'") == 2);
        await CancelAsync(server, client.Key);

        Assert.Equal("T E57014 ZI", await asked);
        Assert.Equal("T D: C ZI", await others);
        Assert.Equal("T D:1 C ZI", await client.QueryAsync("SELECT 1"));
    }

    [Fact]
    public async Task A_cancel_between_two_statements_or_of_nobody_does_nothing()
    {
        await using var server = await PoolServer.StartAsync(o => o with { PoolSize = 1 });
        using var client = await server.ConnectAsync();
        using var other = await server.ConnectAsync();
        var others = other.QueryAsync("SELECT pg_sleep(0.5)");
        await Eventually.HoldsAsync("it runs", async () => await server.AskAsync<long>(
            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active'") == 1);
        await CancelAsync(server, client.Key);
        await CancelAsync(server, [0, 0, 0, 1, 1, 2, 3, 4]);

        Assert.Equal("T D: C ZI", await others);
    }

    [Fact]
    public async Task Who_says_nothing_is_let_go()
    {
        await using var server = await PoolServer.StartAsync(
            o => o, f => f with { LoginTimeout = TimeSpan.FromMilliseconds(200) });
        using var client = new PoolTestClient(await server.OpenAsync());

        Assert.Equal("end", await client.AnswerAsync());
    }

    [Fact]
    public async Task Too_many_clients_are_refused_and_make_room_again()
    {
        await using var server = await PoolServer.StartAsync(o => o, f => f with { MostClients = 2 });
        using var first = await server.ConnectAsync();
        using (await server.ConnectAsync())
        {
            using var third = await server.ConnectAsync();
            Assert.Equal("E53300 end", third.Welcome);
        }

        await Eventually.HoldsAsync("there is room again", async () =>
        {
            using var fourth = await server.ConnectAsync();
            return fourth.Welcome.EndsWith("ZI", StringComparison.Ordinal);
        });
        Assert.Equal("T D:1 C ZI", await first.QueryAsync("SELECT 1"));
    }

    private static async Task CancelAsync(PoolServer server, byte[] key)
    {
        using var socket = await server.OpenAsync();
        await socket.SendAsync(StartupRequests.Cancel(CancelKey.TryParse(key)!));
        Assert.Equal(0, await socket.ReceiveAsync(new byte[1], SocketFlags.None));
    }
}
