using System.Diagnostics;
using System.Globalization;
using Matriarch.Client;
using Matriarch.Core;
using Matriarch.TestKit;
using Npgsql;

namespace Matriarch.EndToEnd;

/// <summary>Planned switchovers of a real cluster: no client sees an error, and nothing is lost.</summary>
public sealed class SwitchoverTests(ITestOutputHelper output)
{
    private const string PgBench = "/usr/lib/postgresql/15/bin/pgbench";

    [Fact]
    public async Task Writers_of_every_protocol_see_no_error_through_ten_switchovers()
    {
        await using var cluster = await RunningCluster.UpAsync();
        await cluster.IsHealthyAsync();
        await using var prepared = await AcknowledgedWriter.StartAsync(
            cluster.ConnectionString + ";Max Auto Prepare=10;Auto Prepare Min Usages=1");
        await prepared.GoesOnAsync();
        using var simple = StartPgBench(cluster);
        var complaints = simple.StandardError.ReadToEndAsync(CancellationToken.None);
        var gaps = new List<double>();
        for (var i = 0; i < 10; i++)
        {
            var before = await cluster.StatusAsync();
            var from = prepared.Now;
            (await cluster.RunAsync("switchover")).Expect();
            await prepared.GoesOnAsync();
            gaps.Add(prepared.LongestGap(from, prepared.Now).TotalMilliseconds);
            await cluster.IsHealthyAsync();
            Assert.True((await cluster.StatusAsync()).Term > before.Term);
        }

        output.WriteLine("longest gap between acknowledgements per switchover, ms: "
            + string.Join(' ', gaps.Select(g => g.ToString("F0", CultureInfo.InvariantCulture))));
        int? ended = simple.HasExited ? simple.ExitCode : null;
        simple.Kill();
        var said = await complaints; // it goes on while one of its clients has seen no error
        Assert.True(said.Length == 0, $"{said}\nGateway:\n{await GatewayLogAsync(cluster)}");
        Assert.Null(ended);
        Assert.Empty(prepared.Errors);
        Assert.Empty(await prepared.LostAsync());
    }

    [Fact]
    public async Task A_long_transaction_that_ends_within_the_drain_is_committed()
    {
        await using var cluster = await RunningCluster.UpAsync();
        await cluster.IsHealthyAsync();
        await using var writer = await AcknowledgedWriter.StartAsync(cluster.ConnectionString);
        await writer.GoesOnAsync();
        await using var connection = await BeginAsync(cluster);
        var switching = cluster.RunAsync("switchover", "--drain", "30s");
        await HasReportedAsync(cluster, "switchover-announced", switching);
        await using (var command = new NpgsqlCommand("insert into written values (-1); commit", connection))
        {
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }

        (await switching).Expect();
        await writer.GoesOnAsync();
        Assert.Equal(
            1L, await RunningCluster.QueryAsync<long>(
                cluster.ConnectionString, "select count(*) from written where id = -1"));
        await using (var command = new NpgsqlCommand("select 1", connection))
        {
            Assert.Equal(1, await command.ExecuteScalarAsync(CancellationToken.None)); // the same session, moved
        }

        Assert.Empty(writer.Errors);
        Assert.Empty(await writer.LostAsync());
    }

    [Fact]
    public async Task A_transaction_that_does_not_end_is_the_only_one_that_sees_an_error()
    {
        await using var cluster = await RunningCluster.UpAsync();
        await cluster.IsHealthyAsync();
        await using var writer = await AcknowledgedWriter.StartAsync(cluster.ConnectionString);
        await writer.GoesOnAsync();
        await using var connection = await BeginAsync(cluster);

        (await cluster.RunAsync("switchover", "--drain", "1s")).Expect();

        await writer.GoesOnAsync();
        await using var command = new NpgsqlCommand("commit", connection);
        var error = await Assert.ThrowsAnyAsync<NpgsqlException>(
            () => command.ExecuteNonQueryAsync(CancellationToken.None));
        Assert.Equal("57P01", (error as PostgresException)?.SqlState ?? "57P01");
        Assert.Empty(writer.Errors);
        Assert.Empty(await writer.LostAsync());
    }

    private static async Task<NpgsqlConnection> BeginAsync(RunningCluster cluster)
    {
        var connection = new NpgsqlConnection(cluster.ConnectionString);
        await connection.OpenAsync(CancellationToken.None);
        await using var command = new NpgsqlCommand("begin; insert into written values (-2)", connection);
        await command.ExecuteNonQueryAsync(CancellationToken.None);
        return connection;
    }

    private static async Task HasReportedAsync(RunningCluster cluster, string kind, Task<CommandResult> switching)
    {
        var reported = Eventually.HoldsAsync(
            $"the event {kind}",
            async () => (await cluster.RunAsync("events")).Expect().Output.Contains(kind, StringComparison.Ordinal),
            TimeSpan.FromSeconds(25));
        if (await Task.WhenAny(reported, switching) == switching)
        {
            (await switching).Expect();
        }

        await reported;
    }

    /// <summary>What the gateway tells of its views, and of sessions that it could not move.</summary>
    private static async Task<string> GatewayLogAsync(RunningCluster cluster)
    {
        var log = await File.ReadAllLinesAsync(
            Path.Combine(cluster.Root, "log", "gateway.log"), TestContext.Current.CancellationToken);
        return string.Join('\n', log.TakeLast(100));
    }

    /// <summary>Four clients of the simple protocol, which complains when one of them has an error.</summary>
    private static Process StartPgBench(RunningCluster cluster)
    {
        var script = Path.Combine(cluster.Root, "simple.sql");
        File.WriteAllText(script, "insert into written select -10 - nextval('simple');\n");
        var setup = new NpgsqlConnectionStringBuilder(cluster.ConnectionString);
        using (var connection = new NpgsqlConnection(cluster.ConnectionString))
        {
            connection.Open();
            using var command = new NpgsqlCommand("create sequence simple", connection);
            command.ExecuteNonQuery();
        }

        var start = new ProcessStartInfo(
            PgBench,
            ["-h", "127.0.0.1", "-p", cluster.Port.ToString(CultureInfo.InvariantCulture), "-U", "postgres", "-n",
                "-M", "simple", "-c", "4", "-R", "100", "-T", "600", "-f", script, "postgres"])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["PGPASSWORD"] = setup.Password;
        return Process.Start(start)!;
    }
}
