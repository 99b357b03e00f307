using Matriarch.Core;
using Npgsql;

namespace Matriarch.Postgres;

/// <summary>Commits a rule row through the quorum, and never takes a cancelled wait for a success.</summary>
internal sealed class RuleWriter(ServerContext context)
{
    private static readonly TimeSpan Forever = TimeSpan.FromDays(1000);

    public async Task<RuleWriteOutcome> WriteAsync(
        Rule rule, bool waits, Action<RuleWriteStage>? onStage, CancellationToken cancellation)
    {
        NpgsqlConnection connection;
        try
        {
            using var limit = new CancellationTokenSource(context.Options.QueryDeadline, context.Time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
            connection = await context.PatientEndpoint.OpenAsync(both.Token);
        }
        catch (Exception e) when (SqlFailure.IsExpected(e) && !cancellation.IsCancellationRequested)
        {
            return new RuleWriteOutcome.Unknown(SqlFailure.From(e, isConnect: true).Reason);
        }

        var pid = connection.ProcessID;
        context.OwnPids[pid] = 0;
        // When the caller gives up it goes on by itself until the quorum or the end of the server releases it: ending
        // the backend instead would make an unreplicated row visible.
        var work = CommitAndCloseAsync(connection, pid, rule, waits);
        if (!waits)
        {
            return await work.WaitAsync(cancellation);
        }

        var isSeen = await SyncRepWait.SeenAsync(context, pid, work, new Deadline(context.Time, Forever), cancellation);
        if (isSeen)
        {
            onStage?.Invoke(RuleWriteStage.Waiting);
        }

        var outcome = await work.WaitAsync(cancellation);
        if (outcome is RuleWriteOutcome.Committed committed)
        {
            outcome = committed with { WasSeenWaiting = isSeen };
            if (!isSeen)
            {
                onStage?.Invoke(RuleWriteStage.NotSeenWaiting);
            }
        }

        return outcome;
    }

    private async Task<RuleWriteOutcome> CommitAndCloseAsync(
        NpgsqlConnection connection, int pid, Rule rule, bool waits)
    {
        try
        {
            return await CommitAsync(connection, rule, waits);
        }
        catch (Exception e) when (SqlFailure.IsExpected(e))
        {
            return new RuleWriteOutcome.Unknown(SqlFailure.From(e, isConnect: false).Reason);
        }
        finally
        {
            context.OwnPids.TryRemove(pid, out _);
            await connection.DisposeAsync();
        }
    }

    private static async Task<RuleWriteOutcome> CommitAsync(NpgsqlConnection connection, Rule rule, bool waits)
    {
        string? warning = null;
        connection.Notice += (_, e) => warning ??= e.Notice.MessageText;

        await connection.ExecuteAsync("BEGIN");
        await connection.ExecuteAsync($"SET LOCAL synchronous_commit = {(waits ? "on" : "local")}");
        await connection.ExecuteAsync(RuleTable.Insert, RuleTable.Parameters(rule));
        var rows = await connection.RowsAsync(
            RuleTable.SelectOne, RuleTable.Read, (long)rule.Term.Value, rule.Revision);
        if (rows is not [var row] || row != rule)
        {
            await connection.ExecuteAsync("ROLLBACK");
            return rows is [var other]
                ? new RuleWriteOutcome.Conflict(other)
                : new RuleWriteOutcome.Unknown("the row is not visible to its own transaction");
        }

        // The row may be there already, from an attempt whose end nobody saw. A message makes this a transaction of its
        // own that writes WAL behind that row, so that its commit waits for the quorum too.
        await connection.ExecuteAsync("SELECT pg_logical_emit_message(true, 'matriarch', 'rule')");
        await connection.ExecuteAsync("COMMIT");
        if (warning is not null)
        {
            // "canceling wait for synchronous replication due to user request", "… terminating connection …"
            // (syncrep.c): COMMIT succeeds, but nobody else need have the row.
            return new RuleWriteOutcome.Unknown(warning);
        }

        var flushed = await connection.ScalarAsync<string>("SELECT pg_current_wal_flush_lsn()::text");
        return Lsn.TryParse(flushed, out var lsn)
            ? new RuleWriteOutcome.Committed(lsn, WasSeenWaiting: false)
            : new RuleWriteOutcome.Unknown("the position after the commit cannot be read");
    }
}
