using System.Collections.Immutable;
using Matriarch.Consensus;
using Matriarch.Core;
using Matriarch.Postgres;
using Matriarch.Topology;
using Microsoft.Extensions.Logging;

namespace Matriarch.Agent;

/// <summary>
/// Keeps the logical slots of the primary alive on this standby: looks at both servers, moves the copies forward, drops
/// what the primary no longer has, and knows which copies are ready. Beside the driver, so that decoding much WAL keeps
/// no failover waiting. From PostgreSQL 17 on the server does that itself, and is only told to.
/// </summary>
internal sealed partial class SlotKeeper(
    PostgresServer server, NodeId self, bool mayLead, SlotSelection selection, SlotLedger ledger, PeerDirectory peers,
    Func<LoopSnapshot> loop, Func<DriverReport> driver, EventOutbox events, TimeProvider time,
    ILogger<SlotKeeper> logger)
{
    /// <summary>A slot that vanishes again within this is not worth a restart.</summary>
    public static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan BusyInterval = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan IdleInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DropDeadline = TimeSpan.FromSeconds(5);

    private readonly LogicalSlots _slots = server.LogicalSlots;
    private readonly Dictionary<string, long> _absentSince = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _broken = new(StringComparer.Ordinal);
    private SlotMemory _memory = SlotMemory.None;
    private bool _isReleased = true;
    private string? _fault;
    private volatile SlotReport _report = SlotReport.Nothing;

    /// <summary>The latest look.</summary>
    public SlotReport Report => _report;

    /// <summary>Looks until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            while (selection.Mode != LogicalSlotMode.Ignore)
            {
                await TryRoundAsync(cancellation);
                await Task.Delay(_report.UnreadySince is null ? IdleInterval : BusyInterval, time, cancellation);
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The agent ends; what is durable is enough for the next one.
        }
    }

    private async Task TryRoundAsync(CancellationToken cancellation)
    {
        try
        {
            Tell(await RoundAsync(cancellation));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Tell(e.Message);
        }
        catch (Exception e) when (e is not (OperationCanceledException or InvariantException))
        {
            LogRoundFailed(e); // Subscribers may suffer from a fault here; the voter must not.
        }
    }

    /// <summary>One round.</summary>
    /// <returns>What went wrong; null when nothing did.</returns>
    private async Task<string?> RoundAsync(CancellationToken cancellation)
    {
        var (decided, seen) = (loop(), driver());
        switch (decided.Posture)
        {
            case Posture.Leading leading when seen is { Status.IsPrimary: true, Snapshot: { } primary }
                && primary.Timeline == leading.Term.ToTimeline():
                Forget();
                _report = SlotReport.Nothing;
                ledger.Lead(primary.Timeline);
                _slots.WaitFor(primary.LogicalSlots == 0 ? [] : SubscriberStandbys.Of(decided.Rule, self, primary));
                await ReleaseAsync();
                return null;
            case Posture.Following following when seen.Status.IsStreaming && seen.Snapshot is { } standby
                && peers.UpstreamOf(following.Leader, following.Term) is { } upstream:
                return await FollowAsync(upstream, standby, cancellation);
            default:
                // What is known stays: it is what counts if this node is promoted now.
                return null;
        }
    }

    private async Task<string?> FollowAsync(
        Upstream upstream, ServerSnapshot standby, CancellationToken cancellation)
    {
        if (peers.Find(upstream.Node) is not { HeardAt: not null, Facts.Slots: { } told })
        {
            return null;
        }

        // Who never leads needs none, but must not keep what it has from another life.
        var isNeeded = (mayLead && told.Present > 0) || standby.LogicalSlots > 0;
        _slots.Keep(isNeeded);
        if (!isNeeded || _slots.IsNative)
        {
            Forget();
            _report = SlotReport.Nothing;
            await ReleaseAsync();
            return null;
        }

        _isReleased = false;
        var (own, problem) = await _slots.ReadOwnAsync(cancellation);
        if (own is null)
        {
            return problem;
        }

        var (primary, upstreamProblem) = await _slots.ReadUpstreamAsync(upstream, cancellation);
        if (primary is null)
        {
            return upstreamProblem;
        }

        var plan = SlotPlan.Make(primary, own, _memory, selection);
        if (plan == SlotPlan.Nothing)
        {
            return null;
        }

        _memory = plan.Memory;
        ledger.Follow(plan.Memory.Timeline, plan.Verdicts.Where(v => v.IsReady).Select(v => v.Name));
        ReportOn(plan);
        return await DropAsync(plan, cancellation) ?? await AdvanceAsync(plan, cancellation);
    }

    private async Task<string?> DropAsync(SlotPlan plan, CancellationToken cancellation)
    {
        var drops = plan.Drops.ToDictionary(d => d.Name, d => d.Reason, StringComparer.Ordinal);
        foreach (var (name, reason) in _broken)
        {
            drops.TryAdd(name, $"its copy is of no use: {reason}");
        }

        if (drops.Count == 0)
        {
            return null;
        }

        if (await _slots.DropAsync([.. drops.Keys], DropDeadline, cancellation) is ServerOutcome.Failed failed)
        {
            return failed.Reason;
        }

        _broken.Clear();
        foreach (var (name, reason) in drops)
        {
            events.Add(
                "logical-slot-copy-dropped", NoticeSeverity.Info, loop().Known.Term,
                $"{self} has dropped its copy of the logical slot {name}: {reason}");
        }

        return null;
    }

    private async Task<string?> AdvanceAsync(SlotPlan plan, CancellationToken cancellation)
    {
        string? problem = null;
        foreach (var advance in plan.Advances)
        {
            if (loop().Posture is not Posture.Following)
            {
                break; // A failover: the slots are wanted by others now.
            }

            switch (await _slots.AdvanceAsync(advance.Slot, advance.To, cancellation))
            {
                case SlotAdvanceOutcome.Done:
                    _memory = _memory.Decoded(advance.Slot.Name);
                    break;
                case SlotAdvanceOutcome.Broken broken:
                    _broken[advance.Slot.Name] = broken.Reason;
                    break;
                case SlotAdvanceOutcome.Failed failed:
                    problem = $"{advance.Slot.Name}: {failed.Reason}";
                    break;
            }
        }

        return problem;
    }

    private void ReportOn(SlotPlan plan)
    {
        foreach (var gone in _absentSince.Keys.Except(plan.Absent.Select(s => s.Name)).ToList())
        {
            _absentSince.Remove(gone);
        }

        var loadable = server.SlotCopying.Missing(plan.Absent).Select(s => s.Name).ToHashSet(StringComparer.Ordinal);
        var waiting = 0;
        foreach (var absent in plan.Absent)
        {
            _absentSince.TryAdd(absent.Name, time.GetTimestamp());
            var isSettled = time.GetElapsedTime(_absentSince[absent.Name]) >= SettleTime;
            waiting += mayLead && isSettled && loadable.Contains(absent.Name) ? 1 : 0;
        }

        var verdicts = plan.Verdicts.Select(v => _absentSince.ContainsKey(v.Name) ? v with
        {
            Reason = loadable.Contains(v.Name)
                ? "it has no copy here yet: PostgreSQL has to restart to load one, in its turn"
                : "it has no copy here, and the WAL that it begins with is not here (any more)",
        }
        : v).ToImmutableArray();
        var isReady = verdicts.All(v => v.IsReady);
        _report = new SlotReport(
            verdicts, isReady ? null : _report.UnreadySince ?? time.GetTimestamp(), waiting);
    }

    private void Forget()
    {
        _memory = SlotMemory.None;
        _absentSince.Clear();
        _broken.Clear();
    }

    /// <summary>A session with a user's database would keep its owner from dropping it.</summary>
    private async Task ReleaseAsync()
    {
        if (!_isReleased)
        {
            _isReleased = true;
            await _slots.ReleaseAsync();
        }
    }

    private void Tell(string? fault)
    {
        if (fault is not null && fault != _fault)
        {
            LogWaits(fault);
        }

        _fault = fault;
    }
}
