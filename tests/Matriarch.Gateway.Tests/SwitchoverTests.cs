using Npgsql;

namespace Matriarch.Gateway.Tests;

/// <summary>Clients at work while the leadership moves: none of them sees an error.</summary>
public sealed class SwitchoverTests(Servers servers)
{
    [Fact]
    public async Task Clients_at_work_go_on_through_many_switchovers_without_an_error()
    {
        await using var scene = await SwitchoverScene.StartAsync(servers);
        using var ending = new CancellationTokenSource();
        var connections = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => scene.OpenAsync()));
        var clients = connections.Select((c, i) => WorkAsync(c, i, ending.Token)).ToArray();
        for (var i = 0; i < 12; i++)
        {
            // The primary sees for itself that no transaction is left; here the gateway tells.
            await scene.DrainAsync();
            await scene.AreParkedAsync(8);
            scene.HandOver();
            await Eventually.HoldsAsync(
                () => scene.Gateway.Host.Describe().Sessions is { Parked: 0, Open: 8 }, $"all went on after move {i}");
        }

        await ending.CancelAsync();
        Assert.All(await Task.WhenAll(clients), done => Assert.True(done >= 12));
        Assert.Equal(0L, scene.Gateway.Host.Describe().Sessions.Unmovable);
    }

    [Fact]
    public async Task A_pipelined_client_gets_every_answer_in_order()
    {
        await using var scene = await SwitchoverScene.StartAsync(servers);
        await using var connection = await scene.OpenAsync("Multiplexing=false");
        await scene.DrainAsync();
        await using var batch = new NpgsqlBatch(connection);
        for (var i = 0; i < 300; i++)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand($"SELECT {i}, pg_sleep(0.0005)"));
        }

        var reading = ReadAllAsync(batch);
        scene.HandOver();
        Assert.Equal(Enumerable.Range(0, 300), await reading);
        Assert.Equal("b", await connection.WhereAsync());
    }

    [Fact]
    public async Task A_transaction_that_ends_within_the_drain_is_committed_and_its_session_moves()
    {
        await using var scene = await SwitchoverScene.StartAsync(servers);
        await using var connection = await scene.OpenAsync();
        await connection.ExecuteAsync("BEGIN");
        await scene.DrainAsync();
        Assert.Equal("a", await connection.WhereAsync());
        await connection.ExecuteAsync("COMMIT");
        await scene.AreParkedAsync(1);
        scene.HandOver();
        Assert.Equal("b", await connection.WhereAsync());
    }

    [Fact]
    public async Task A_transaction_that_does_not_end_is_told_so()
    {
        await using var scene = await SwitchoverScene.StartAsync(servers);
        await using var connection = await scene.OpenAsync();
        await connection.ExecuteAsync("BEGIN");
        await scene.SwitchOverAsync(movable: 0);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var error = await Assert.ThrowsAsync<PostgresException>(() => connection.WaitAsync(deadline.Token));
        Assert.Equal("57P01", error.SqlState);
    }

    [Fact]
    public async Task New_clients_wait_for_the_end_of_the_switchover()
    {
        await using var scene = await SwitchoverScene.StartAsync(servers);
        await scene.DrainAsync();
        var opening = scene.OpenAsync();
        await Eventually.HoldsAsync(() => scene.Gateway.Host.Describe().Sessions.Held == 1, "the client is held");
        scene.HandOver();
        await using var connection = await opening;
        Assert.Equal("b", await connection.WhereAsync());
    }

    [Fact]
    public async Task A_cancel_reaches_the_statement_after_the_move()
    {
        await using var scene = await SwitchoverScene.StartAsync(servers);
        await using var connection = await scene.OpenAsync("Application Name=cancelled");
        await scene.SwitchOverAsync();
        Assert.Equal("b", await connection.WhereAsync());
        await using var command = new NpgsqlCommand("SELECT pg_sleep(60)", connection);
        var running = command.ExecuteNonQueryAsync();
        await Eventually.HoldsAsync(
            async () => (long)(await servers.B.ScalarAsync("""
                SELECT count(*) FROM pg_stat_activity WHERE application_name = 'cancelled' AND state = 'active'
                """))! == 1,
            "the statement runs at the new primary");
        command.Cancel();
        var error = await Assert.ThrowsAsync<OperationCanceledException>(() => running);
        Assert.Equal("57014", Assert.IsType<PostgresException>(error.InnerException).SqlState);
    }

    [Fact]
    public async Task A_session_that_is_held_too_long_ends_with_the_reason()
    {
        await using var scene = await SwitchoverScene.StartAsync(
            servers, o => o.ParkTimeout = TimeSpan.FromMilliseconds(300));
        await using var connection = await scene.OpenAsync();
        await scene.DrainAsync();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var error = await Assert.ThrowsAsync<PostgresException>(() => connection.WaitAsync(deadline.Token));
        Assert.Equal("57P01", error.SqlState);
        Assert.Contains("gateway.park-timeout", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_sessions_than_may_be_parked_stay_where_they_are()
    {
        await using var scene = await SwitchoverScene.StartAsync(servers, o => o.MaxParkedSessions = 1);
        await using var one = await scene.OpenAsync();
        await using var other = await scene.OpenAsync();
        await scene.DrainAsync();
        await Eventually.HoldsAsync(
            () => scene.Gateway.Host.Describe().Sessions is { Parked: 1, Unmovable: 1 }, "one is parked, one is not");
        scene.Abandon();
        Assert.Equal("a", await one.WhereAsync());
        Assert.Equal("a", await other.WhereAsync());
    }

    [Fact]
    public async Task A_stopping_gateway_ends_parked_sessions()
    {
        await using var scene = await SwitchoverScene.StartAsync(servers);
        await using var connection = await scene.OpenAsync();
        await scene.DrainAsync();
        await scene.AreParkedAsync(1);
        var stopping = scene.Gateway.Host.StopAsync();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var error = await Assert.ThrowsAsync<PostgresException>(() => connection.WaitAsync(deadline.Token));
        Assert.Equal("57P01", error.SqlState);
        await stopping.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_client_that_leaves_while_it_is_parked_gives_its_place_back()
    {
        await using var scene = await SwitchoverScene.StartAsync(servers);
        var connection = await scene.OpenAsync();
        await scene.DrainAsync();
        await scene.AreParkedAsync(1);
        await connection.DisposeAsync();
        scene.HandOver();
        await Eventually.HoldsAsync(
            () => scene.Gateway.Host.Describe().Sessions is { Parked: 0, Clients: 0, Open: 0 }, "its place is free");
    }

    private static async Task<int> WorkAsync(NpgsqlConnection opened, int number, CancellationToken ending)
    {
        await using var connection = opened;
        await using var prepared = new NpgsqlCommand("SELECT $1::int + 1", connection);
        prepared.Parameters.Add(new NpgsqlParameter { Value = number });
        if (number % 2 == 0)
        {
            await prepared.PrepareAsync(CancellationToken.None);
        }

        var done = 0;
        while (!ending.IsCancellationRequested)
        {
            Assert.Equal(number + 1, await prepared.ExecuteScalarAsync(CancellationToken.None));
            if (number % 4 > 1)
            {
                await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
                var here = await connection.WhereAsync();
                Assert.Equal(here, await connection.WhereAsync());
                await transaction.CommitAsync(CancellationToken.None);
            }

            done++;
        }

        return done;
    }

    private static async Task<List<int>> ReadAllAsync(NpgsqlBatch batch)
    {
        var values = new List<int>();
        await using var reader = await batch.ExecuteReaderAsync();
        do
        {
            while (await reader.ReadAsync())
            {
                values.Add(reader.GetInt32(0));
            }
        }
        while (await reader.NextResultAsync());
        return values;
    }
}
