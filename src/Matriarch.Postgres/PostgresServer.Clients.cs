using Matriarch.Core;

namespace Matriarch.Postgres;

/// <summary>What concerns the clients of the server, and the end of its leadership.</summary>
public sealed partial class PostgresServer
{
    private const string SwitchHalfFullSegment = """
        SELECT pg_switch_wal() FROM pg_walfile_name_offset(pg_current_wal_insert_lsn())
        WHERE file_offset > pg_size_bytes(current_setting('wal_segment_size')) / 2
        """;

    /// <summary>Ends every client connection but the agent's own.</summary>
    /// <returns>How many; null when the server could not be asked.</returns>
    public async Task<int?> TerminateClientsAsync(CancellationToken cancellation)
    {
        var result = await _context.QueryAsync(
            c => ClientSessions.TerminateAsync(c, _context.OwnPids.Keys), cancellation);
        return result.IsSuccess ? result.Value : null;
    }

    /// <summary>
    /// How many client connections are in a transaction, or have been idle for less than 100 ms; the agent's own and
    /// replication do not count. Null when the server could not be asked.
    /// </summary>
    public async Task<int?> CountBusyClientsAsync(CancellationToken cancellation)
    {
        var result = await _context.QueryAsync(
            c => ClientSessions.CountBusyAsync(c, _context.OwnPids.Keys), cancellation);
        return result.IsSuccess ? result.Value : null;
    }

    /// <summary>What the server keeps of a role's password; null for a role without one. Never to be logged.</summary>
    /// <returns>The verifier, or why it could not be read.</returns>
    public async Task<(string? Verifier, string? Problem)> ReadVerifierAsync(
        string role, CancellationToken cancellation)
    {
        var result = await _context.Observer.RunAsync(
            c => c.ScalarAsync<string>("SELECT rolpassword FROM pg_authid WHERE rolname = $1 AND rolcanlogin", role),
            _context.Options.QueryDeadline, cancellation);
        return (result.Value, result.Failure?.Reason);
    }

    /// <summary>Writes a checkpoint, of a standby a restartpoint, so that a stop has little to write.</summary>
    public async Task<ServerOutcome> CheckpointAsync(TimeSpan deadline, CancellationToken cancellation)
    {
        var result = await _context.Local.QueryAsync(c => c.ExecuteAsync("CHECKPOINT"), deadline, cancellation);
        return result.IsSuccess ? ServerOutcome.Success : new ServerOutcome.Failed(result.Failure.Reason);
    }

    /// <summary>
    /// Primary: writes a checkpoint, and begins a new WAL segment where the present one is more than half full. A fast
    /// shutdown then has little to write, and a follower that streams anew, always from the start of a segment
    /// (WalReceiverMain), little to receive. Not where it is nearly empty: commits wait until the standbys have
    /// received the rest of it, and that costs as much as what it saves.
    /// </summary>
    public async Task<ServerOutcome> PrepareHandoverAsync(TimeSpan deadline, CancellationToken cancellation)
    {
        var result = await _context.Local.QueryAsync(
            async c => await c.ExecuteAsync("CHECKPOINT") && await c.ExecuteAsync(SwitchHalfFullSegment),
            deadline, cancellation);
        return result.IsSuccess ? ServerOutcome.Success : new ServerOutcome.Failed(result.Failure.Reason);
    }
}
