using Matriarch.Core;

namespace Matriarch.Postgres;

/// <summary>Where the own WAL ends, exactly.</summary>
internal sealed class Positions(ServerContext context)
{
    /// <summary>
    /// The timeline comes from IDENTIFY_SYSTEM, because no SQL function of a standby tells the timeline of replay. The
    /// LSN of a standby is that of replay: what was received beyond it is an unfinished record, which nobody can
    /// replay.
    /// </summary>
    public async Task<SqlResult<WalPosition>> ReadAsync(TimeSpan deadline, CancellationToken cancellation)
    {
        var identified = await IdentifyAsync(deadline, cancellation);
        if (!identified.IsSuccess)
        {
            return identified;
        }

        var replayed = await context.Control.RunAsync(
            c => c.ScalarAsync<string>(
                "SELECT pg_last_wal_replay_lsn()::text WHERE pg_is_in_recovery()"),
            deadline, cancellation);
        if (replayed is { IsSuccess: true, Value: null })
        {
            await context.Replication.CloseAsync(); // of a primary, which is to list followers only
        }

        return !replayed.IsSuccess ? new SqlResult<WalPosition>(default, replayed.Failure)
            : replayed.Value is { } lsn
                ? new SqlResult<WalPosition>(identified.Value with { Lsn = Lsn.Parse(lsn) }, null)
                : identified;
    }
    /// <summary>IDENTIFY_SYSTEM: the timeline of replay, or of the own WAL. Over a connection that is kept.</summary>
    public Task<SqlResult<WalPosition>> IdentifyAsync(TimeSpan deadline, CancellationToken cancellation) =>
        context.Replication.RunAsync(
            async connection =>
            {
                var system = await connection.IdentifySystem(CancellationToken.None);
                return new WalPosition(new Timeline(system.Timeline), new Lsn((ulong)system.XLogPos));
            },
            deadline, cancellation);
}
