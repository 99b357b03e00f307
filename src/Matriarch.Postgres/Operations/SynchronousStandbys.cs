using System.Collections.Immutable;
using System.Globalization;
using Matriarch.Core;
using Npgsql;

namespace Matriarch.Postgres;

/// <summary>
/// Sets synchronous_standby_names so that it is known to be in effect (docs/mistakes.md, 7).
/// </summary>
/// <remarks>
/// Backends do not look at the setting but at a flag in shared memory, which the checkpointer sets some time after the
/// reload (SyncRepUpdateSyncStandbysDefined), and WAL senders release waiting commits by the setting that each of them
/// has read. So the setting is first changed to a name that nobody has; a small commit is made and seen to wait, which
/// proves the flag; where the old setting had names too, the commit must still wait after every standby has
/// acknowledged it, which proves that no WAL sender goes by the old one. Then the real names are set, and the commit
/// returns when they acknowledge it.
/// </remarks>
internal sealed class SynchronousStandbys(ServerContext context)
{
    private const string ProbeNames = "ANY 1 (\"matriarch_probe\")";
    private const string ProbeCommit = "SELECT pg_logical_emit_message(true, 'matriarch', 'probe')";
    private static readonly TimeSpan SettleTime = TimeSpan.FromMilliseconds(300);

    /// <summary>The value of the setting.</summary>
    internal static string Names(int quorum, ImmutableArray<NodeId> standbys) => quorum == 0
        ? ""
        : string.Create(
            CultureInfo.InvariantCulture, $"ANY {quorum} ({string.Join(',', standbys.Select(s => $"\"{s}\""))})");

    public async Task<ServerOutcome> SetAsync(
        int quorum, ImmutableArray<NodeId> standbys, TimeSpan deadline, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(quorum);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quorum, standbys.Length);
        var names = Names(quorum, standbys);
        var until = new Deadline(context.Time, deadline);
        try
        {
            var recovering = await context.QueryAsync(
                c => c.ScalarAsync<bool?>("SELECT pg_is_in_recovery()"), cancellation);
            if (!recovering.IsSuccess)
            {
                return new ServerOutcome.Failed(recovering.Failure.Reason);
            }

            var before = context.Dynamic.Read()[DynamicSettings.SynchronousStandbyNames];
            var isPrimary = recovering.Value == false;
            if (isPrimary && names.Length > 0 && !(before == names && context.ProvenStandbyNames == names))
            {
                context.ProvenStandbyNames = null;
                if (!await ApplyAsync(ProbeNames, until, cancellation))
                {
                    return new ServerOutcome.Failed("the probe setting did not take effect in time");
                }

                if (!await ProveAsync(before.Length > 0, until, cancellation))
                {
                    return new ServerOutcome.Failed("no commit was seen to wait for synchronous standbys in time");
                }
            }

            if (!await ApplyAsync(names, until, cancellation))
            {
                return new ServerOutcome.Failed("the setting did not take effect in time");
            }

            context.ProvenStandbyNames = isPrimary ? names : null;
            return ServerOutcome.Success;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new ServerOutcome.Failed(e.Message);
        }
    }

    private async Task<bool> ApplyAsync(string names, Deadline until, CancellationToken cancellation)
    {
        context.Dynamic.Change(s => s.With(DynamicSettings.SynchronousStandbyNames, names));
        return context.Reload()
            && await SettingsInEffect.WaitAsync(
                context, DynamicSettings.SynchronousStandbyNames, names, until, cancellation);
    }

    private async Task<bool> ProveAsync(bool hadNames, Deadline until, CancellationToken cancellation)
    {
        while (!until.IsOver)
        {
            NpgsqlConnection connection;
            try
            {
                connection = await context.PatientEndpoint.OpenAsync(cancellation);
            }
            catch (Exception e) when (SqlFailure.IsExpected(e) && !cancellation.IsCancellationRequested)
            {
                return false;
            }

            var pid = connection.ProcessID;
            context.OwnPids[pid] = 0;
            // Ends when the real names acknowledge it, or with the server; nobody has to wait for that.
            var commit = CommitAsync(connection, pid);
            if (await SyncRepWait.SeenAsync(context, pid, commit, until, cancellation)
                && (!hadNames || await SettlesAsync(pid, until, cancellation)))
            {
                return true;
            }
        }

        return false;
    }

    private async Task CommitAsync(NpgsqlConnection connection, int pid)
    {
        try
        {
            await connection.ExecuteAsync("SET synchronous_commit = on");
            await connection.ExecuteAsync(ProbeCommit);
        }
        catch (Exception e) when (SqlFailure.IsExpected(e))
        {
            // The server ended under it; whoever relies on the proof notices that.
        }
        finally
        {
            context.OwnPids.TryRemove(pid, out _);
            await connection.DisposeAsync();
        }
    }

    // The commit goes on waiting although every connected standby has acknowledged it.
    private async Task<bool> SettlesAsync(int pid, Deadline until, CancellationToken cancellation)
    {
        var settle = new Deadline(context.Time, until.AtMost(SettleTime));
        var lsn = await context.QueryAsync(
            c => c.ScalarAsync<string>("SELECT pg_current_wal_flush_lsn()::text"), cancellation);
        while (lsn is { IsSuccess: true, Value: { } position } && !settle.IsOver)
        {
            var behind = await context.QueryAsync(
                c => c.ScalarAsync<bool>(
                    "SELECT EXISTS (SELECT FROM pg_stat_replication WHERE state = 'streaming' "
                    + "AND flush_lsn < $1::text::pg_lsn)",
                    position),
                cancellation);
            if (behind is { IsSuccess: true, Value: false })
            {
                break;
            }

            await settle.PauseAsync(5, cancellation);
        }

        // One pause for a WAL sender that has taken the acknowledgement but not yet acted on it.
        await settle.PauseAsync(5, cancellation);
        return await SyncRepWait.IsWaitingAsync(context, pid, cancellation);
    }
}
