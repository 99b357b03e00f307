using Npgsql;

namespace Matriarch.Gateway.Tests;

/// <summary>What a session carries over a switchover, and what cannot be carried.</summary>
public sealed class MovingTests(Servers servers)
{
    [Fact]
    public async Task A_session_goes_on_at_the_new_primary_with_all_that_it_had_set()
    {
        await PrepareAsync();
        await using var scene = await SwitchoverScene.StartAsync(servers);
        await using var connection = await scene.OpenAsync("Application Name=mover;Timezone=Asia/Tokyo");
        await connection.ExecuteAsync("SET search_path = mover, public");
        await connection.ExecuteAsync("SET work_mem = '5MB'");
        await connection.ExecuteAsync("SET statement_timeout = 12345");
        await connection.ExecuteAsync("SET DateStyle = 'German, DMY'");
        await connection.ExecuteAsync("SELECT set_config('app.tenant', 'Müller; it''s', false)");
        await connection.ExecuteAsync("SET app.other TO 'x'");
        await connection.ExecuteAsync("SELECT mover.login()");
        await connection.ExecuteAsync("SET default_transaction_isolation = 'serializable'");
        await connection.ExecuteAsync("SET ROLE mover");
        const string All = """
            SELECT concat_ws('|', current_user, session_user, current_setting('search_path'),
                current_setting('work_mem'), current_setting('statement_timeout'), current_setting('DateStyle'),
                current_setting('app.tenant'), current_setting('app.other'), current_setting('app.login'),
                current_setting('default_transaction_isolation'), current_setting('application_name'),
                current_setting('TimeZone'))
            """;
        var before = await connection.ScalarAsync(All);

        await scene.SwitchOverAsync();

        Assert.Equal("b", await connection.WhereAsync());
        Assert.Equal(before, await connection.ScalarAsync(All));
        Assert.Equal(1L, scene.Gateway.Host.Describe().Sessions.Moved);
    }

    [Fact]
    public async Task Prepared_statements_of_both_kinds_go_along()
    {
        await using var scene = await SwitchoverScene.StartAsync(servers);
        await using var connection = await scene.OpenAsync();
        await connection.ExecuteAsync("PREPARE twice (int) AS SELECT $1 * 2");
        await using var protocol = new NpgsqlCommand("SELECT $1::text || $2::int", connection);
        protocol.Parameters.Add(new NpgsqlParameter { Value = "x" });
        protocol.Parameters.Add(new NpgsqlParameter { Value = 7 });
        await protocol.PrepareAsync();
        Assert.Equal("x7", await protocol.ExecuteScalarAsync());

        await scene.SwitchOverAsync();

        Assert.Equal("x7", await protocol.ExecuteScalarAsync());
        Assert.Equal(42, await connection.ScalarAsync("EXECUTE twice(21)"));
        Assert.Equal("b", await connection.WhereAsync());
        await scene.SwitchOverAsync();
        Assert.Equal("x7", await protocol.ExecuteScalarAsync());
        Assert.Equal("a", await connection.WhereAsync());
    }

    [Fact]
    public async Task Listening_goes_along()
    {
        await using var scene = await SwitchoverScene.StartAsync(servers);
        await using var connection = await scene.OpenAsync();
        await connection.ExecuteAsync("LISTEN \"A channel\"");
        await scene.SwitchOverAsync();
        Assert.Equal("b", await connection.WhereAsync());
        var heard = new TaskCompletionSource<string>();
        connection.Notification += (_, e) => heard.TrySetResult($"{e.Channel}: {e.Payload}");
        await servers.B.ScalarAsync("NOTIFY \"A channel\", 'after'");
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await connection.WaitAsync(deadline.Token);
        Assert.Equal("A channel: after", await heard.Task);
    }

    [Theory]
    [InlineData("CREATE TEMP TABLE t (a int)", "temporary tables")]
    [InlineData("CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1'", "temporary")]
    [InlineData("SELECT pg_advisory_lock(4711)", "advisory locks")]
    [InlineData("DECLARE c CURSOR WITH HOLD FOR SELECT 1", "WITH HOLD")]
    [InlineData("DO $$ BEGIN EXECUTE 'PREPARE a AS SELECT 1; SELECT 2'; END $$", "among other statements")]
    [InlineData("SELECT set_config('app' || '.x', 'y', false)", "not a constant")]
    public async Task What_cannot_be_carried_ends_with_the_reason(string sql, string why)
    {
        await using var scene = await SwitchoverScene.StartAsync(servers);
        await using var connection = await scene.OpenAsync();
        await connection.ExecuteAsync(sql);

        await scene.DrainAsync();
        await Eventually.HoldsAsync(
            () => scene.Gateway.Host.Describe().Sessions.Unmovable == 1, "the session is found not to be movable");
        scene.HandOver();

        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var error = await Assert.ThrowsAsync<PostgresException>(() => connection.WaitAsync(deadline.Token));
        Assert.Equal("57P01", error.SqlState);
        Assert.Contains(why, error.Detail, StringComparison.Ordinal);
        await using var next = await scene.OpenAsync();
        Assert.Equal("b", await next.WhereAsync());
    }

    [Fact]
    public async Task A_switchover_that_comes_to_nothing_leaves_every_session_as_it_was()
    {
        await using var scene = await SwitchoverScene.StartAsync(servers);
        await using var simple = await scene.OpenAsync();
        await using var unmovable = await scene.OpenAsync();
        await simple.ExecuteAsync("SET work_mem = '5MB'");
        await unmovable.ExecuteAsync("CREATE TEMP TABLE t AS SELECT 42 AS a");
        await scene.DrainAsync();
        var (first, second) = (simple.ScalarAsync("SHOW work_mem"), unmovable.ScalarAsync("SELECT a FROM t"));
        Assert.False(first.IsCompleted || second.IsCompleted);

        scene.Abandon();

        Assert.Equal("5MB", await first);
        Assert.Equal(42, await second);
        Assert.Equal("a", await simple.WhereAsync());
    }

    [Fact]
    public async Task A_password_that_was_changed_since_ends_the_session()
    {
        await PrepareAsync();
        await using var scene = await SwitchoverScene.StartAsync(servers);
        foreach (var server in new[] { servers.A, servers.B })
        {
            await server.ScalarAsync($"ALTER ROLE mover PASSWORD 'a test''s own'");
        }

        await using var connection = new NpgsqlConnection(
            scene.Gateway.ConnectionString().Replace("Username=postgres", "Username=mover", StringComparison.Ordinal));
        await connection.OpenAsync();
        await scene.SwitchOverAsync();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var error = await Assert.ThrowsAsync<PostgresException>(() => connection.WaitAsync(deadline.Token));
        Assert.Equal("57P01", error.SqlState);
        Assert.Contains("does not let it in", error.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_is_asked_for_once_and_good_for_every_move()
    {
        await using var scene = await SwitchoverScene.StartAsync(servers);
        await using var connection = await scene.OpenAsync();
        foreach (var expected in new[] { "b", "a", "b", "a" })
        {
            await scene.SwitchOverAsync();
            Assert.Equal(expected, await connection.WhereAsync());
        }

        Assert.Equal(1, scene.Agent.KeysAsked);
    }

    [Fact]
    public async Task A_gateway_that_parks_nothing_ends_its_sessions_as_a_failover_does()
    {
        await using var scene = await SwitchoverScene.StartAsync(servers, o => o.MaxParkedSessions = 0);
        await using var connection = await scene.OpenAsync();
        await scene.DrainAsync();
        Assert.Equal("a", await connection.WhereAsync());
        scene.HandOver();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var error = await Assert.ThrowsAsync<PostgresException>(() => connection.WaitAsync(deadline.Token));
        Assert.Equal("57P01", error.SqlState);
    }

    /// <summary>Roles and functions that replicas would both have.</summary>
    private async Task PrepareAsync()
    {
        foreach (var server in new[] { servers.A, servers.B })
        {
            await server.ScalarAsync("""
                DO $do$ BEGIN
                    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'mover') THEN
                        CREATE ROLE mover LOGIN;
                        CREATE SCHEMA mover AUTHORIZATION mover;
                        CREATE FUNCTION mover.login() RETURNS void LANGUAGE sql AS
                            $$ SELECT set_config('app.login', 'by a function', false) $$;
                    END IF;
                END $do$
                """);
        }
    }
}
