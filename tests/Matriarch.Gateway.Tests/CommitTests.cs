using Npgsql;

namespace Matriarch.Gateway.Tests;

/// <summary>
/// Cancels, and commits whose wait for replication is interrupted. The servers' synchronous standby does not exist, so
/// that a COMMIT with synchronous_commit = on waits until it is interrupted.
/// </summary>
public sealed class CommitTests(Servers servers)
{
    /// <summary>Writes WAL, and nothing else.</summary>
    private const string Write = "SELECT pg_logical_emit_message(true, 'test', 'x') IS NULL";

    [Fact]
    public async Task Cancel_reaches_the_statement_that_runs()
    {
        await using var gateway = await TestGateway.StartAsync(servers);
        await using var connection = await gateway.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT pg_sleep(60)", connection);
        var running = command.ExecuteNonQueryAsync();
        await WaitForAsync(connection.ProcessID, "Timeout");
        command.Cancel();
        var cancelled = await Assert.ThrowsAsync<OperationCanceledException>(() => running);
        Assert.Equal("57014", (cancelled.InnerException as PostgresException)?.SqlState);
        Assert.Equal(1, await connection.ScalarAsync("SELECT 1"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_implicit_commit_that_was_not_replicated_is_an_error(bool prepare)
    {
        await using var gateway = await TestGateway.StartAsync(servers);
        await using var connection = await gateway.OpenAsync();
        await connection.ExecuteAsync("SET synchronous_commit = on");
        await using var command = new NpgsqlCommand(Write, connection);
        if (prepare)
        {
            await command.PrepareAsync();
        }

        await AssertOutcomeUnknownAsync(connection, command.ExecuteNonQueryAsync());
    }

    [Fact]
    public async Task An_explicit_commit_that_was_not_replicated_is_an_error()
    {
        await using var gateway = await TestGateway.StartAsync(servers);
        await using var connection = await gateway.OpenAsync();
        await connection.ExecuteAsync("SET synchronous_commit = on");
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync(Write);
        await AssertOutcomeUnknownAsync(connection, transaction.CommitAsync());
    }

    [Fact]
    public async Task Psql_sees_the_error_and_stays_in_step()
    {
        await using var gateway = await TestGateway.StartAsync(servers);
        var running = gateway.PsqlAsync(
            $"\\set ON_ERROR_STOP 0\nSET application_name = 'stepping'; SET synchronous_commit = on; {Write};\n"
            + $"BEGIN; {Write};\nCOMMIT \\; SELECT 'swallowed';\nSET synchronous_commit = local;\nSELECT 'in step';\n");
        foreach (var statement in new[] { "SELECT pg_logical", "COMMIT" })
        {
            await Eventually.HoldsAsync(
                async () => await servers.A.ScalarAsync(
                    "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE application_name = 'stepping'"
                    + $" AND wait_event = 'SyncRep' AND query LIKE '{statement}%'") is true,
                "the commit was cancelled");
        }

        var output = await running;
        Assert.Equal(2, output.Split("ERROR:  the outcome of the transaction is unknown").Length - 1);
        Assert.DoesNotContain("swallowed", output, StringComparison.Ordinal);
        Assert.Contains("in step", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancel_request_does_not_reach_a_session_that_is_committing()
    {
        await using var gateway = await TestGateway.StartAsync(servers);
        await using var connection = await gateway.OpenAsync();
        await connection.ExecuteAsync("SET synchronous_commit = on");
        await connection.ExecuteAsync("BEGIN");
        await connection.ExecuteAsync(Write);
        await using var command = new NpgsqlCommand("COMMIT", connection);
        var committing = command.ExecuteNonQueryAsync();
        await WaitForAsync(connection.ProcessID, "SyncRep");
        command.Cancel(); // returns when the gateway has dealt with it
        Assert.Equal(
            "SyncRep",
            await servers.A.ScalarAsync($"SELECT wait_event FROM pg_stat_activity WHERE pid = {connection.ProcessID}"));
        Assert.False(committing.IsCompleted);
        await AssertOutcomeUnknownAsync(connection, committing);
    }

    private async Task AssertOutcomeUnknownAsync(NpgsqlConnection connection, Task committing)
    {
        await WaitForAsync(connection.ProcessID, "SyncRep");
        await servers.A.ScalarAsync($"SELECT pg_cancel_backend({connection.ProcessID})");
        var error = await Assert.ThrowsAsync<PostgresException>(() => committing);
        Assert.Equal("40003", error.SqlState);
        await connection.ExecuteAsync("SET synchronous_commit = local");
        Assert.Equal(1, await connection.ScalarAsync("SELECT 1"));
    }

    private Task WaitForAsync(int backend, string waitEvent) => Eventually.HoldsAsync(
        async () => await servers.A.ScalarAsync(
            $"SELECT '{waitEvent}' IN (wait_event, wait_event_type) FROM pg_stat_activity WHERE pid = {backend}")
            is true,
        $"backend {backend} waits for {waitEvent}");
}
