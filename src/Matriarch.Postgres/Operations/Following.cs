using Matriarch.Core;

namespace Matriarch.Postgres;

/// <summary>Following an upstream, and finding out whether that is possible.</summary>
internal sealed class Following(ServerContext context, Positions positions, StrayHistories strays)
{
    /// <summary>Points the running standby at the upstream.</summary>
    public async Task<ServerOutcome> FollowAsync(Upstream upstream, CancellationToken cancellation)
    {
        try
        {
            if (await PrepareAsync(upstream, cancellation) is ServerOutcome.Failed failed)
            {
                return failed;
            }

            context.Dynamic.Follow(context.Self, upstream);
            return context.Reload() ? ServerOutcome.Success : new ServerOutcome.Failed("the server is not running");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new ServerOutcome.Failed(e.Message);
        }
    }

    private async Task<ServerOutcome> PrepareAsync(Upstream upstream, CancellationToken cancellation)
    {
        // Both at once: a follower that attaches late is what a new primary's first commit waits for.
        var identifying = Remote(upstream).IdentifyAsync(context.Options.QueryDeadline, cancellation);
        var own = await context.Local.PositionAsync(context.Options.QueryDeadline, cancellation);
        var remote = await identifying;
        if (!own.IsSuccess)
        {
            return new ServerOutcome.Failed($"the own position cannot be read: {own.Failure.Reason}");
        }

        if (!remote.IsSuccess)
        {
            return new ServerOutcome.Failed($"{upstream} cannot be asked for its history: {remote.Failure.Reason}");
        }

        var history = remote.Value.History;
        var goal = upstream.Term.ToTimeline() > history.Timeline ? upstream.Term.ToTimeline() : history.Timeline;
        var onTheWay = history.Ancestors.Select(a => a.Timeline).Append(history.Timeline).Append(goal).ToHashSet();
        var stray = strays.Find(own.Value.Timeline, onTheWay);
        if (!stray.IsEmpty
            && await strays.RemoveAsync(stray, context.Options.StartDeadline, cancellation)
                is ServerOutcome.Failed failed)
        {
            return failed;
        }

        context.Timelines.PrepareFollow(own.Value.Timeline, history, remote.Value.HistoryFile, goal);
        return ServerOutcome.Success;
    }

    /// <summary>Compares the own end of WAL with the upstream's history.</summary>
    public async Task<RejoinDecision> DecideAsync(Upstream upstream, CancellationToken cancellation)
    {
        var deadline = context.Options.QueryDeadline;
        var identifying = Remote(upstream).IdentifyAsync(deadline, cancellation);
        var identifyingOwn = context.Local.IdentifyAsync(deadline, cancellation);
        var end = await positions.ReadAsync(deadline, cancellation);
        var (remote, own) = (await identifying, await identifyingOwn);
        if (!remote.IsSuccess)
        {
            return new RejoinDecision.Unknown($"{upstream} cannot be asked: {remote.Failure.Reason}");
        }

        if (!own.IsSuccess || !end.IsSuccess)
        {
            return new RejoinDecision.Unknown(
                $"the own position cannot be read: {(own.Failure ?? end.Failure)!.Reason}");
        }

        if (own.Value.System != remote.Value.System)
        {
            return new RejoinDecision.Stranger(remote.Value.System);
        }

        if (own.Value.History.LastCommon(remote.Value.History) is not { } common)
        {
            return new RejoinDecision.NeedsCopy("the two histories have nothing in common");
        }

        // On the last common timeline and not past where the other leaves it: ours is a prefix.
        return end.Value.Timeline == common.Timeline && end.Value.Lsn <= common.Lsn
            ? await RequireWalAsync(upstream, remote.Value.Position, end.Value, cancellation)
            : new RejoinDecision.NeedsRewind(end.Value, common.Lsn);
    }

    // Segments are removed oldest first, so the upstream can go on from here when it still has the segment of our end.
    private async Task<RejoinDecision> RequireWalAsync(
        Upstream upstream, WalPosition remote, WalPosition own, CancellationToken cancellation)
    {
        if (own.Lsn >= remote.Lsn)
        {
            return new RejoinDecision.CanFollow();
        }

        const string HasSegment = """
            SELECT EXISTS (
                SELECT FROM pg_ls_waldir() w,
                    (SELECT setting::bigint AS size FROM pg_settings WHERE name = 'wal_segment_size') s,
                    LATERAL (SELECT div($1::numeric, s.size) AS number) n
                WHERE w.name ~ '^[0-9A-F]{24}$' AND right(w.name, 16) =
                    upper(lpad(to_hex(div(n.number, div(4294967296, s.size))::bigint), 8, '0')
                        || lpad(to_hex(mod(n.number, div(4294967296, s.size))::bigint), 8, '0')))
            """;
        var result = await Remote(upstream).QueryAsync(
            c => c.ScalarAsync<bool>(HasSegment, (decimal)own.Lsn.Value), context.Options.QueryDeadline, cancellation);
        return !result.IsSuccess
            ? new RejoinDecision.Unknown($"{upstream} cannot be asked for its WAL: {result.Failure.Reason}")
            : result.Value
                ? new RejoinDecision.CanFollow()
                : new RejoinDecision.NeedsCopy($"{upstream.Node} no longer has the WAL from {own.Lsn} on");
    }

    private RemoteServer Remote(Upstream upstream) =>
        new(upstream.Host, upstream.Port, context.Secrets, context.Time);
}
