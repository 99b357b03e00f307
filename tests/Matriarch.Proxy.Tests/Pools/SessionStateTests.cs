using Matriarch.TestKit;
using Matriarch.Wire;

namespace Matriarch.Proxy.Tests;

public sealed class SessionStateTests
{
    [Fact]
    public async Task Each_client_has_its_own_settings_on_one_connection()
    {
        await using var server = await PoolServer.StartAsync(o => o with { PoolSize = 1 });
        using var first = await server.ConnectAsync();
        using var second = await server.ConnectAsync();
        await first.QueryAsync("SET search_path = a, b");
        await first.QueryAsync("SELECT set_config('app.tenant', 'x', false)");
        await second.QueryAsync("SET work_mem = '7MB'");

        for (var i = 0; i < 3; i++)
        {
            Assert.Contains("D:a, b ", await first.QueryAsync("SHOW search_path"), StringComparison.Ordinal);
            Assert.Contains("D:x ", await first.QueryAsync("SHOW app.tenant"), StringComparison.Ordinal);
            Assert.Contains("D:4MB ", await first.QueryAsync("SHOW work_mem"), StringComparison.Ordinal);
            Assert.Contains("D:7MB ", await second.QueryAsync("SHOW work_mem"), StringComparison.Ordinal);
            Assert.Contains(
                "D:\"$user\", public ", await second.QueryAsync("SHOW search_path"), StringComparison.Ordinal);
            Assert.Equal(
                "T D: C ZI", await second.QueryAsync("SELECT coalesce(current_setting('app.tenant', true), '')"));
        }

        Assert.Equal(1, (await server.LookAsync()).Servers);
    }

    [Fact]
    public async Task A_setting_goes_with_its_client_to_any_connection()
    {
        await using var server = await PoolServer.StartAsync(o => o with { PoolSize = 2 });
        using var client = await server.ConnectAsync();
        using var other = await server.ConnectAsync();
        await client.QueryAsync("SET work_mem = '7MB'");
        await other.QueryAsync("BEGIN"); // takes the connection that was used last

        Assert.Contains("D:7MB ", await client.QueryAsync("SHOW work_mem"), StringComparison.Ordinal);
        Assert.Contains("D:4MB ", await other.QueryAsync("SHOW work_mem"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_setting_of_a_transaction_that_failed_is_none()
    {
        await using var server = await PoolServer.StartAsync(o => o with { PoolSize = 1 });
        using var client = await server.ConnectAsync();
        await client.QueryAsync("BEGIN");
        await client.QueryAsync("SET work_mem = '7MB'");
        await client.QueryAsync("ROLLBACK");

        Assert.Contains("D:4MB ", await client.QueryAsync("SHOW work_mem"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_client_hears_of_a_reported_setting_when_it_is_given_back_to_it()
    {
        await using var server = await PoolServer.StartAsync(o => o with { PoolSize = 1 });
        using var first = await server.ConnectAsync();
        using var second = await server.ConnectAsync();
        Assert.Equal("C S:application_name=first ZI", await first.QueryAsync("SET application_name = 'first'"));
        Assert.Contains("D: ", await second.QueryAsync("SHOW application_name"), StringComparison.Ordinal);

        Assert.Equal("T D:first C ZI", await first.QueryAsync("SHOW application_name"));
    }

    [Fact]
    public async Task A_temporary_table_keeps_its_connection_until_it_is_dropped()
    {
        await using var server = await PoolServer.StartAsync(o => o with { PoolSize = 1 });
        using var client = await server.ConnectAsync();
        using var other = await server.ConnectAsync();
        Assert.Equal("C ZI", await client.QueryAsync("CREATE TEMP TABLE t (i int)"));
        var waiting = other.QueryAsync("SELECT to_regclass('pg_temp.t')::text");
        await Eventually.HoldsAsync("the other waits", async () => (await server.LookAsync()).Waiting == 1);

        Assert.Equal("C ZI", await client.QueryAsync("INSERT INTO t VALUES (1)"));
        Assert.Equal("T D:1 C ZI", await client.QueryAsync("SELECT i FROM t"));
        Assert.False(waiting.IsCompleted);
        Assert.Equal("C ZI", await client.QueryAsync("DROP TABLE pg_temp.t"));
        Assert.Equal("T D: C ZI", Printable(await waiting));
    }

    [Fact]
    public async Task An_advisory_lock_keeps_its_connection_until_it_is_unlocked()
    {
        await using var server = await PoolServer.StartAsync(o => o with { PoolSize = 2 });
        using var client = await server.ConnectAsync();
        using var other = await server.ConnectAsync();
        Assert.Equal("T D: C ZI", await client.QueryAsync("SELECT pg_advisory_lock(5)"));

        Assert.Equal("T D:f C ZI", await other.QueryAsync("SELECT pg_try_advisory_lock(5)"));
        Assert.Equal("T D:t C ZI", await client.QueryAsync("SELECT pg_advisory_unlock(5)"));
        Assert.Equal("T D:t C ZI", await other.QueryAsync("SELECT pg_try_advisory_lock(5)"));
    }

    [Fact]
    public async Task What_a_client_leaves_behind_goes_with_it()
    {
        await using var server = await PoolServer.StartAsync(o => o with { PoolSize = 1 });
        using (var client = await server.ConnectAsync())
        {
            await client.QueryAsync("SET ROLE pg_read_all_stats");
            await client.QueryAsync("SET search_path = nowhere");
            await client.QueryAsync("PREPARE p AS SELECT 1");
            await client.QueryAsync("LISTEN c");
            await client.QueryAsync("CREATE TEMP TABLE t (i int)");
        }

        using var next = await server.ConnectAsync();
        Assert.Equal("T D:postgres C ZI", await next.QueryAsync("SELECT current_user"));
        Assert.Equal("T D:\"$user\", public C ZI", await next.QueryAsync("SHOW search_path"));
        Assert.Equal("T D:0 C ZI", await next.QueryAsync("SELECT count(*) FROM pg_prepared_statements"));
        Assert.Equal("T D:0 C ZI", await next.QueryAsync("SELECT count(*) FROM pg_listening_channels()"));
        Assert.Equal("E42P01 ZI", await next.QueryAsync("SELECT * FROM t"));
    }

    [Fact]
    public async Task Prepared_statements_go_with_their_client()
    {
        await using var server = await PoolServer.StartAsync(o => o with { PoolSize = 1 });
        using var first = await server.ConnectAsync();
        using var second = await server.ConnectAsync();
        await first.SendAsync(Messages.Parse("p", "SELECT 'first'"), Messages.Sync());
        Assert.Equal("1 ZI", await first.AnswerAsync());
        await second.SendAsync(Messages.Parse("p", "SELECT 'second'"), Messages.Sync());
        Assert.Equal("1 ZI", await second.AnswerAsync());
        await second.QueryAsync("PREPARE q AS SELECT 'sql'");

        for (var i = 0; i < 3; i++)
        {
            await first.SendAsync(Messages.Bind("", "p"), Messages.Execute(""), Messages.Sync());
            Assert.Equal("2 D:first C ZI", await first.AnswerAsync());
            await second.SendAsync(Messages.Bind("", "p"), Messages.Execute(""), Messages.Sync());
            Assert.Equal("2 D:second C ZI", await second.AnswerAsync());
            Assert.Equal("T D:sql C ZI", await second.QueryAsync("EXECUTE q"));
            Assert.Equal("E26000 ZI", await first.QueryAsync("EXECUTE q"));
        }
    }

    [Fact]
    public async Task A_statement_that_sets_something_when_it_is_executed_is_noticed_then()
    {
        await using var server = await PoolServer.StartAsync(o => o with { PoolSize = 1 });
        using var first = await server.ConnectAsync();
        using var second = await server.ConnectAsync();
        await first.SendAsync(
            Messages.Parse("p", "SELECT set_config('work_mem', '7MB', false)"), Messages.Sync());
        Assert.Equal("1 ZI", await first.AnswerAsync());
        Assert.Equal("T D:1 C ZI", await first.QueryAsync("SELECT 1"));
        await first.SendAsync(Messages.Bind("", "p"), Messages.Execute(""), Messages.Sync());
        Assert.Equal("2 D:7MB C ZI", await first.AnswerAsync());

        Assert.Contains("D:4MB ", await second.QueryAsync("SHOW work_mem"), StringComparison.Ordinal);
        Assert.Contains("D:7MB ", await first.QueryAsync("SHOW work_mem"), StringComparison.Ordinal);
    }

    private static string Printable(string answer) => answer.Replace("\uFFFD", "", StringComparison.Ordinal);
}
