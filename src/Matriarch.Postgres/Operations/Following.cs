using Matriarch.Core;

namespace Matriarch.Postgres;

/// <summary>Following an upstream, and finding out whether that is possible.</summary>
internal sealed class Following(ServerContext context, Positions positions, StrayHistories strays)
{
    // Beyond this a hurried following has its first segment; null when there is none.
    private WalPosition? _hurriedTo;

    /// <summary>Points the running standby at the upstream, of which it was decided that it can be followed.</summary>
    public async Task<ServerOutcome> FollowAsync(
        Upstream upstream, RejoinDecision.CanFollow decided, CancellationToken cancellation)
    {
        try
        {
            if (await PrepareAsync(upstream, decided, cancellation) is ServerOutcome.Failed failed)
            {
                return failed;
            }

            // A new timeline begins with a new segment. Writing 16 MB of zeros, and syncing them, before the first
            // commit of the term can be acknowledged takes longer than all the rest of a failover.
            context.Dynamic.Follow(context.Self, upstream, isInHurry: true);
            _hurriedTo = new WalPosition(decided.Upstream.Position.Timeline, decided.Own.Lsn);
            return context.Reload() ? ServerOutcome.Success : new ServerOutcome.Failed("the server is not running");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new ServerOutcome.Failed(e.Message);
        }
    }

    /// <summary>
    /// Once WAL of the new upstream is durable here its first segment exists, and the next ones are made as ever.
    /// </summary>
    public ServerOutcome Settle(ServerSnapshot seen)
    {
        if (_hurriedTo is not { } to
            || seen.WalReceiver is not { IsStreaming: true, Timeline: { } timeline, FlushedLsn: { } flushed }
            || new WalPosition(timeline, flushed) <= to)
        {
            return ServerOutcome.Success;
        }

        try
        {
            context.Dynamic.EndHurry();
            _hurriedTo = null;
            return context.Reload() ? ServerOutcome.Success : new ServerOutcome.Failed("the server is not running");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new ServerOutcome.Failed(e.Message);
        }
    }

    private async Task<ServerOutcome> PrepareAsync(
        Upstream upstream, RejoinDecision.CanFollow decided, CancellationToken cancellation)
    {
        var present = decided.Own.Timeline;
        var history = decided.Upstream.History;
        var goal = upstream.Term.ToTimeline() > history.Timeline ? upstream.Term.ToTimeline() : history.Timeline;
        var onTheWay = history.Ancestors.Select(a => a.Timeline).Append(history.Timeline).Append(goal).ToHashSet();
        var stray = strays.Find(present, onTheWay);
        if (!stray.IsEmpty
            && await strays.RemoveAsync(stray, context.Options.StartDeadline, cancellation)
                is ServerOutcome.Failed failed)
        {
            return failed;
        }

        context.Timelines.PrepareFollow(present, history, decided.Upstream.HistoryFile, goal);
        return ServerOutcome.Success;
    }

    /// <summary>Compares the own end of WAL with the upstream's history.</summary>
    /// <param name="upstream">Whom to follow.</param>
    /// <param name="own">The exact end of the own WAL, where it is known; read when null.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<RejoinDecision> DecideAsync(
        Upstream upstream, WalPosition? own, CancellationToken cancellation)
    {
        var end = own is { } known
            ? new SqlResult<WalPosition>(known, null)
            : await positions.ReadAsync(context.Options.QueryDeadline, cancellation);
        if (!end.IsSuccess || HistoryOf(end.Value.Timeline) is not { } history)
        {
            return new RejoinDecision.Unknown(
                $"the own position cannot be read: {end.Failure?.Reason ?? "it has no history"}");
        }

        // Both at the same time: clients may wait for this standby.
        var asking = new UpstreamQuestion(context, upstream).AskAsync(end.Value.Lsn, cancellation);
        var system = await context.QueryAsync(
            c => c.ScalarAsync<long>("SELECT system_identifier FROM pg_control_system()"), cancellation);
        var asked = await asking;
        if (!system.IsSuccess)
        {
            return new RejoinDecision.Unknown($"the own system identifier cannot be read: {system.Failure.Reason}");
        }

        if (!asked.IsSuccess)
        {
            return new RejoinDecision.Unknown($"{upstream} cannot be asked: {asked.Failure.Reason}");
        }

        var remote = asked.Value;
        if (new SystemIdentifier((ulong)system.Value) != remote.System)
        {
            return new RejoinDecision.Stranger(remote.System);
        }

        if (history.LastCommon(remote.History) is not { } common)
        {
            return new RejoinDecision.NeedsCopy("the two histories have nothing in common");
        }

        // On the last common timeline and not past where the other leaves it: ours is a prefix.
        return end.Value.Timeline != common.Timeline || end.Value.Lsn > common.Lsn
            ? new RejoinDecision.NeedsRewind(end.Value, common.Lsn)
            : remote.HasWal
                ? new RejoinDecision.CanFollow(end.Value, remote)
                : new RejoinDecision.NeedsCopy($"{upstream.Node} no longer has the WAL from {end.Value.Lsn} on");
    }

    /// <summary>From the files: a server never removes the history of a timeline that it has come to.</summary>
    private TimelineHistory? HistoryOf(Timeline timeline)
    {
        try
        {
            // Timeline 1 is the one that initdb makes, and the only one without a history.
            return timeline.Value == 1 ? TimelineHistory.Root(timeline) : context.Directory.ReadHistory(timeline);
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
