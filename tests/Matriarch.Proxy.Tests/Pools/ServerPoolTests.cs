using Matriarch.TestKit;

namespace Matriarch.Proxy.Tests;

public sealed class ServerPoolTests
{
    [Fact]
    public async Task Many_clients_share_few_connections_and_each_gets_its_own_answers()
    {
        await using var server = await PoolServer.StartAsync();

        await Task.WhenAll(Enumerable.Range(0, 50).Select(async number =>
        {
            using var client = await server.ConnectAsync();
            for (var i = 0; i < 20; i++)
            {
                Assert.Equal($"T D:{number}.{i} C ZI", await client.QueryAsync($"SELECT '{number}.{i}'"));
            }
        }));

        var (servers, idle, waiting, _) = await server.LookAsync();
        Assert.Equal((2, 2, 0), (servers, idle, waiting));
        Assert.Equal(2L, await server.AskAsync<long>(
            "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"));
    }

    [Fact]
    public async Task A_transaction_keeps_its_connection_to_its_end()
    {
        await using var server = await PoolServer.StartAsync(o => o with { PoolSize = 1 });
        using var first = await server.ConnectAsync();
        using var second = await server.ConnectAsync();
        Assert.Equal("C ZT", await first.QueryAsync("BEGIN"));
        var waiting = second.QueryAsync("SELECT 2");
        await Eventually.HoldsAsync("the second waits", async () => (await server.LookAsync()).Waiting == 1);

        Assert.Equal("T D:1 C ZT", await first.QueryAsync("SELECT 1"));
        Assert.Equal("E42601 ZE", await first.QueryAsync("SELEC"));
        Assert.False(waiting.IsCompleted);
        Assert.Equal("C ZI", await first.QueryAsync("ROLLBACK"));
        Assert.Equal("T D:2 C ZI", await waiting);
    }

    [Fact]
    public async Task Pipelined_requests_are_answered_before_the_connection_goes_back()
    {
        await using var server = await PoolServer.StartAsync(o => o with { PoolSize = 1 });
        using var client = await server.ConnectAsync();
        await client.SendAsync(
            Messages.Query("SELECT 1"), Messages.Parse("", "SELECT 2"), Messages.Bind("", ""), Messages.Execute(""),
            Messages.Sync(), Messages.Query("SELECT 3"));

        Assert.Equal("T D:1 C ZI", await client.AnswerAsync());
        Assert.Equal("1 2 D:2 C ZI", await client.AnswerAsync());
        Assert.Equal("T D:3 C ZI", await client.AnswerAsync());
    }

    [Fact]
    public async Task A_client_that_goes_in_a_transaction_leaves_nothing_of_it()
    {
        await using var server = await PoolServer.StartAsync(o => o with { PoolSize = 1 });
        using var before = await server.ConnectAsync();
        Assert.Equal("C ZI", await before.QueryAsync("CREATE TABLE t (i int)"));
        using (var client = await server.ConnectAsync())
        {
            Assert.Equal("C ZT", await client.QueryAsync("BEGIN"));
            Assert.Equal("C ZT", await client.QueryAsync("INSERT INTO t VALUES (1)"));
            client.Reset();
        }

        Assert.Equal("T D:0 C ZI", await before.QueryAsync("SELECT count(*) FROM t"));
        await Eventually.HoldsAsync("it has left", async () => (await server.LookAsync()).Clients == 1);
    }

    [Fact]
    public async Task What_a_client_sent_before_it_went_is_done()
    {
        await using var server = await PoolServer.StartAsync(o => o with { PoolSize = 1 });
        using var before = await server.ConnectAsync();
        Assert.Equal("C ZI", await before.QueryAsync("CREATE TABLE t (i int)"));
        using var client = await server.ConnectAsync();
        await client.SendAsync(Messages.Query("INSERT INTO t SELECT 1 FROM pg_sleep(0.2)"));
        client.EndSending();

        await Eventually.HoldsAsync(
            "the row is there", async () => await server.AskAsync<long>("SELECT count(*) FROM t") == 1);
    }

    [Fact]
    public async Task Who_waits_too_long_hears_why()
    {
        await using var server = await PoolServer.StartAsync(o => o with
        {
            PoolSize = 1, WaitTimeout = TimeSpan.FromMilliseconds(200),
        });
        using var first = await server.ConnectAsync();
        using var second = await server.ConnectAsync();
        Assert.Equal("C ZT", await first.QueryAsync("BEGIN"));

        Assert.Equal("E57P03 end", await second.QueryAsync("SELECT 2"));
        Assert.Equal("C ZI", await first.QueryAsync("COMMIT"));
    }

    [Fact]
    public async Task A_line_that_is_full_takes_nobody()
    {
        await using var server = await PoolServer.StartAsync(o => o with { PoolSize = 1, MostWaiting = 1 });
        using var first = await server.ConnectAsync();
        using var second = await server.ConnectAsync();
        using var third = await server.ConnectAsync();
        Assert.Equal("C ZT", await first.QueryAsync("BEGIN"));
        var waiting = second.QueryAsync("SELECT 2");
        await Eventually.HoldsAsync("the second waits", async () => (await server.LookAsync()).Waiting == 1);

        Assert.Equal("E53300 end", await third.QueryAsync("SELECT 3"));
        Assert.Equal("C ZI", await first.QueryAsync("COMMIT"));
        Assert.Equal("T D:2 C ZI", await waiting);
    }

    [Fact]
    public async Task An_idle_connection_that_was_terminated_is_never_given_to_a_client()
    {
        await using var server = await PoolServer.StartAsync(o => o with { PoolSize = 1 });
        using var client = await server.ConnectAsync();
        Assert.Equal("T D:1 C ZI", await client.QueryAsync("SELECT 1"));
        Assert.Equal(1L, await server.AskAsync<long>(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE backend_type = 'client backend' "
            + "AND pid <> pg_backend_pid()"));
        await Eventually.HoldsAsync("the pool has noticed", async () => (await server.LookAsync()).Servers == 0);

        Assert.Equal("T D:2 C ZI", await client.QueryAsync("SELECT 2"));
    }

    [Fact]
    public async Task A_connection_that_is_lost_in_a_statement_ends_its_session_with_the_servers_own_words()
    {
        await using var server = await PoolServer.StartAsync(o => o with { PoolSize = 1 });
        using var client = await server.ConnectAsync();
        using var other = await server.ConnectAsync();
        var asked = client.QueryAsync("SELECT pg_sleep(60)");
        await Eventually.HoldsAsync("it is there and is ended", async () => await server.AskAsync<long>(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'") == 1);

        Assert.EndsWith("E57P01 end", await asked, StringComparison.Ordinal);
        Assert.Equal("T D:1 C ZI", await other.QueryAsync("SELECT 1"));
    }

    [Fact]
    public async Task Idle_connections_are_closed_after_their_time()
    {
        await using var server = await PoolServer.StartAsync(
            o => o with { IdleTimeout = TimeSpan.FromMilliseconds(100) });
        using var client = await server.ConnectAsync();
        Assert.Equal("T D:1 C ZI", await client.QueryAsync("SELECT 1"));

        await Eventually.HoldsAsync("it is closed", async () => (await server.LookAsync()).Servers == 0);
        Assert.Equal("T D:2 C ZI", await client.QueryAsync("SELECT 2"));
    }

    [Fact]
    public async Task Garbage_ends_its_session_and_no_other()
    {
        await using var server = await PoolServer.StartAsync();
        using var client = await server.ConnectAsync();
        using var other = await server.ConnectAsync();
        await client.SendAsync([(byte)'Q', 0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3]);

        Assert.Equal("E08P01 end", await client.AnswerAsync());
        Assert.Equal("T D:1 C ZI", await other.QueryAsync("SELECT 1"));
    }
}
