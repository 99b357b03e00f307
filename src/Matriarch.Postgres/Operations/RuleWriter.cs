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
            connection = await context.Spare.TakeAsync(both.Token);
        }
        catch (Exception e) when (SqlFailure.IsExpected(e) && !cancellation.IsCancellationRequested)
        {
            return new RuleWriteOutcome.Unknown(SqlFailure.From(e, isConnect: true).Reason);
        }

        var pid = connection.ProcessID;
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

        var rows = await InsertAsync(connection, rule, waits);
        if (rows is not [var row] || row != rule)
        {
            await connection.ExecuteAsync("ROLLBACK");
            return rows is [var other]
                ? new RuleWriteOutcome.Conflict(other)
                : new RuleWriteOutcome.Unknown("the row is not visible to its own transaction");
        }

        var flushed = await CommitAsync(connection);
        if (warning is not null)
        {
            // "canceling wait for synchronous replication due to user request", "… terminating connection …"
            // (syncrep.c): COMMIT succeeds, but nobody else need have the row.
            return new RuleWriteOutcome.Unknown(warning);
        }

        return Lsn.TryParse(flushed, out var lsn)
            ? new RuleWriteOutcome.Committed(lsn, WasSeenWaiting: false)
            : new RuleWriteOutcome.Unknown("the position after the commit cannot be read");
    }

    /// <summary>Up to the row as the transaction sees it, in one round trip: clients wait.</summary>
    private static async Task<List<Rule>> InsertAsync(NpgsqlConnection connection, Rule rule, bool waits)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("BEGIN"),
                new($"SET LOCAL synchronous_commit = {(waits ? "on" : "local")}"),
                Command(RuleTable.Insert, RuleTable.Parameters(rule)),
                Command(RuleTable.SelectOne, (long)rule.Term.Value, rule.Revision),
            },
        };
        await using var reader = await batch.ExecuteReaderAsync();
        var rows = new List<Rule>();
        while (await reader.ReadAsync())
        {
            rows.Add(RuleTable.Read(reader));
        }

        return rows;
    }

    /// <summary>
    /// The row may be there already, from an attempt whose end nobody saw. A message makes this a transaction of its
    /// own that writes WAL behind that row, so that its commit waits for the quorum too.
    /// </summary>
    /// <returns>How far WAL was durable here after the commit.</returns>
    private static async Task<string?> CommitAsync(NpgsqlConnection connection)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("SELECT FROM pg_logical_emit_message(true, 'matriarch', 'rule')"),
                new("COMMIT"),
                new("SELECT pg_current_wal_flush_lsn()::text"),
            },
        };
        await using var reader = await batch.ExecuteReaderAsync();
        string? flushed = null;
        do
        {
            while (await reader.ReadAsync())
            {
                flushed = reader.FieldCount > 0 ? reader.TextOrNull(0) : null;
            }
        }
        while (await reader.NextResultAsync());
        return flushed;
    }

    private static NpgsqlBatchCommand Command(string sql, params object[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }

        return command;
    }
}
