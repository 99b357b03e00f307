using Matriarch.Core;

namespace Matriarch.Postgres;

/// <summary>
/// Makes a standby stop following, for certain, and reads where its WAL ends. What a recruited voter promises rests on
/// this: from the moment of the answer on it acknowledges nothing more to the old leader.
/// </summary>
/// <remarks>
/// <list type="number">
/// <item>The configuration no longer names an upstream, and the passfile of the old one is gone. The startup process
/// reads the configuration when it comes to it, and may until then launch a WAL receiver with the old string; without
/// the passfile that one is refused by the old leader.</item>
/// <item>WAL receivers are ended until none is left. What they had received they make durable as they end
/// (WalRcvDie).</item>
/// <item>Replay goes on to the end of what has arrived. That is so when the replay position has reached the received
/// one; or, when the last received record is unfinished, when the startup process sleeps between two attempts to find
/// more (RecoveryRetrieveRetryInterval) and, two attempts later, has still found nothing.</item>
/// <item>The position is read.</item>
/// </list>
/// </remarks>
internal sealed class Detachment(ServerContext context, Positions positions)
{
    // More than two rounds of wal_retrieve_retry_interval (100 ms).
    private static readonly TimeSpan QuietTime = TimeSpan.FromMilliseconds(220);

    private const string Progress = """
        SELECT pg_is_in_recovery(), pg_last_wal_receive_lsn()::text, pg_last_wal_replay_lsn()::text,
            (SELECT coalesce(wait_event_type, '') || ':' || coalesce(wait_event, '') FROM pg_stat_activity
             WHERE backend_type = 'startup'),
            CASE WHEN pg_is_in_recovery() THEN pg_get_wal_replay_pause_state() <> 'not paused' ELSE false END
        """;

    private readonly record struct Sample(bool IsInRecovery, Lsn? Received, Lsn Replayed, string Wait, bool IsPaused)
    {
        public bool IsOutOfWal => Wait.EndsWith(":RecoveryRetrieveRetryInterval", StringComparison.Ordinal);

        // Replay waits for a query that still needs what it would remove.
        public bool IsBlocked => Wait.StartsWith("Lock:", StringComparison.Ordinal)
            || Wait.StartsWith("BufferPin:", StringComparison.Ordinal)
            || Wait.Contains(":RecoveryConflict", StringComparison.Ordinal);
    }

    public async Task<DetachOutcome> RunAsync(TimeSpan deadline, CancellationToken cancellation)
    {
        var until = new Deadline(context.Time, deadline);
        try
        {
            context.Dynamic.Detach();
            if (!context.Reload())
            {
                return new DetachOutcome.Failed("the server is not running");
            }

            if (!await EndWalReceiversAsync(until, cancellation))
            {
                return new DetachOutcome.Failed("a WAL receiver did not end in time");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new DetachOutcome.Failed(e.Message);
        }

        if (await ReplayAllAsync(until, cancellation) is { } problem)
        {
            return new DetachOutcome.Failed(problem);
        }

        var position = await positions.ReadAsync(until.AtMost(context.Options.QueryDeadline), cancellation);
        return position.IsSuccess
            ? new DetachOutcome.Detached(position.Value)
            : new DetachOutcome.Failed($"the position cannot be read: {position.Failure.Reason}");
    }

    private Task<bool> EndWalReceiversAsync(Deadline until, CancellationToken cancellation) => until.UntilAsync(
        () =>
        {
            var receivers = context.Processes.FindWalReceivers();
            foreach (var pid in receivers)
            {
                // By signal: pg_terminate_backend knows only client backends before PostgreSQL 18.
                Posix.Kill(pid, Posix.SigTerm);
            }

            return receivers.Count == 0;
        },
        3, cancellation);

    private async Task<string?> ReplayAllAsync(Deadline until, CancellationToken cancellation)
    {
        (Lsn Replayed, TimeSpan At)? quiet = null;
        while (true)
        {
            var result = await context.Control.RunAsync(
                c => c.RowsAsync(Progress, Read), until.AtMost(context.Options.QueryDeadline), cancellation);
            if (!result.IsSuccess)
            {
                return $"its progress cannot be read: {result.Failure.Reason}";
            }

            var sample = result.Value[0];
            if (!sample.IsInRecovery)
            {
                return "it is a primary";
            }

            // Without a receiver since the start nothing can arrive, and one look of the startup process at pg_wal
            // settles it.
            if (sample.Received is { } received ? sample.Replayed >= received : sample.IsOutOfWal)
            {
                return null;
            }

            if (sample.IsOutOfWal)
            {
                if (quiet is { } since && since.Replayed == sample.Replayed && until.Elapsed - since.At >= QuietTime)
                {
                    return null;
                }

                quiet = quiet is { } q && q.Replayed == sample.Replayed ? q : (sample.Replayed, until.Elapsed);
            }
            else if (sample.IsPaused || sample.IsBlocked)
            {
                await UnblockAsync(sample, cancellation);
            }

            if (until.IsOver)
            {
                return $"replay has come to {sample.Replayed} only, of {sample.Received} (waiting for {sample.Wait})";
            }

            await until.PauseAsync(3, cancellation);
        }
    }

    private async Task UnblockAsync(Sample sample, CancellationToken cancellation)
    {
        // A failure shows in the next sample, and in the end in the deadline.
        if (sample.IsPaused)
        {
            _ = await context.QueryAsync(c => c.ExecuteAsync("SELECT pg_wal_replay_resume()"), cancellation);
        }
        else
        {
            _ = await context.QueryAsync(c => ClientSessions.TerminateAsync(c, context.OwnPids.Keys), cancellation);
        }
    }

    private static Sample Read(Npgsql.NpgsqlDataReader reader) => new(
        reader.GetBoolean(0),
        reader.TextOrNull(1) is { } received ? Lsn.Parse(received) : null,
        reader.TextOrNull(2) is { } replayed ? Lsn.Parse(replayed) : Lsn.Zero,
        reader.TextOrNull(3) ?? "",
        reader.GetBoolean(4));
}
