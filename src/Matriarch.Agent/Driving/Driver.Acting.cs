using Matriarch.Consensus;
using Matriarch.Core;
using Matriarch.Postgres;
using Matriarch.Topology;

namespace Matriarch.Agent;

/// <summary>The hands of the driver: the steps from what PostgreSQL is to what it is wanted to be.</summary>
internal sealed partial class Driver
{
    private static readonly TimeSpan DetachDeadline = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PromoteDeadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan HandoverDeadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StandbysDeadline = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SlotsInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan InitializeInterval = TimeSpan.FromSeconds(10);

    private RejoinDecision.NeedsRewind? _rewound;
    private long _slotsAt;
    private long _failedAt;
    private long _initializedInVainAt;

    private Task ConvergeAsync(Posture posture, SynchronousStandbys? standbys, CancellationToken changed)
    {
        if (posture is not Posture.Fetching)
        {
            _fetching = null;
        }

        return posture switch
        {
            Posture.Detached detached => DetachAsync(detached, standbys, changed),
            Posture.Fetching fetching => FetchAsync(fetching, changed),
            Posture.Following following => FollowAsync(following, standbys, changed),
            Posture.Leading leading => LeadAsync(leading, standbys, changed),
            Posture.HandedOver handedOver => HandOverAsync(handedOver),
            _ => BootstrapAsync(changed),
        };
    }

    /// <summary>Nothing is wanted because nothing is known: perhaps this node is the one that begins.</summary>
    private async Task BootstrapAsync(CancellationToken changed)
    {
        if (IsRunning || ConditionOfStopped != PostgresCondition.Absent || !IsRetryDue()
            || (_initializedInVainAt != 0 && time.GetElapsedTime(_initializedInVainAt) < InitializeInterval))
        {
            return;
        }

        try
        {
            var everHadData = identity.Identity.System != SystemIdentifier.None;
            var (rule, reason) = await bootstrap.MayInitializeAsync(everHadData, changed);
            if (rule is null)
            {
                _reason = reason;
                _failedAt = time.GetTimestamp();
                return;
            }

            Doing(DriverActivity.Initializing);
            events.Add("instance-initializing", NoticeSeverity.Info, Term.First,
                $"{self} makes the first data directory");
            // Not cancelled by what else may be wanted meanwhile: nothing can be, of a node without data.
            var system = await server.InitializeAsync(rule, CancellationToken.None);
            identity.Remember(system);
            _reason = null;
            await bootstrap.CompleteAsync(system, changed);
        }
        catch (StoreUnavailableException e)
        {
            _failedAt = time.GetTimestamp();
            Fault("bootstrap-waits", $"the topology store cannot be asked who begins: {e.Message}");
        }
        catch (UserException e)
        {
            _initializedInVainAt = time.GetTimestamp();
            Fault("bootstrap-failed", $"{e.Message} {e.WhatToDo}", NoticeSeverity.Error);
        }
    }

    private async Task DetachAsync(Posture.Detached wanted, SynchronousStandbys? standbys, CancellationToken changed)
    {
        if (wanted.Equals(_reached) && IsRunning)
        {
            await ApplyAsync(standbys, changed);
            return;
        }

        if (!IsRunning && ConditionOfStopped == PostgresCondition.Absent)
        {
            await BootstrapAsync(changed);
            return;
        }

        if (!await EnsureStandbyAsync(null, changed))
        {
            return;
        }

        if (await server.DetachAsync(DetachDeadline, changed) is DetachOutcome.Detached detached)
        {
            _detachedPosition = detached.Position;
            _reached = wanted;
            _reason = null;
            LogDetached(detached.Position.ToString());
            return;
        }

        _reached = null;
    }

    private async Task FollowAsync(Posture.Following wanted, SynchronousStandbys? standbys, CancellationToken changed)
    {
        if (peers.UpstreamOf(wanted.Leader, wanted.Term) is not { } upstream)
        {
            _reason = $"the address of {wanted.Leader} is not known yet";
            return;
        }

        if (wanted.Equals(_reached) && IsRunning && !HasStalled())
        {
            if (_snapshot is { } seen && server.SettleFollowing(seen) is ServerOutcome.Failed unsettled)
            {
                Retry("settling-failed", unsettled.Reason);
                return;
            }

            await ApplyAsync(standbys, changed);
            await MaintainSlotsAsync(changed);
            if (slots.Turns.TryTake(wanted))
            {
                await RestartForSlotsAsync(wanted, upstream, changed);
            }

            return;
        }

        if (!IsRetryDue())
        {
            return;
        }

        if (!IsRunning && await server.InspectAsync(changed) is not DataDirectoryState.Present)
        {
            await CopyAsync(wanted, upstream, "it has no usable data", changed);
            return;
        }

        await CarrySlotsAsync(upstream, changed);
        // After a rewind only WAL of the leader makes the data consistent, so it has to follow from the start.
        if (await EnsureStandbyAsync(server.RewoundFrom is null ? null : upstream, changed))
        {
            await RejoinAsync(wanted, upstream, changed);
        }
    }

    private async Task RejoinAsync(Posture.Following wanted, Upstream upstream, CancellationToken changed)
    {
        if (_reached is not Posture.Detached)
        {
            switch (await server.DetachAsync(DetachDeadline, changed))
            {
                case DetachOutcome.Detached detached:
                    _detachedPosition = detached.Position;
                    break;
                case DetachOutcome.Failed failed:
                    Retry("detach-failed", failed.Reason);
                    return;
            }
        }

        // Whoever is detached keeps its position, so it need not be read again.
        _reached = null;
        switch (await server.DecideRejoinAsync(upstream, _detachedPosition, changed))
        {
            case RejoinDecision.CanFollow decided:
                Followed(wanted, await server.FollowAsync(upstream, decided, changed));
                break;
            case RejoinDecision.NeedsRewind rewind:
                await RewindAsync(wanted, upstream, rewind, changed);
                break;
            case RejoinDecision.NeedsCopy copy:
                await CopyAsync(wanted, upstream, copy.Reason, changed);
                break;
            case RejoinDecision.Stranger stranger:
                Retry("stranger-refused",
                    $"{upstream} belongs to another instance (system identifier {stranger.Upstream})");
                break;
            case RejoinDecision.Unknown unknown:
                Retry("rejoin-waits", unknown.Reason);
                break;
        }
    }

    private void Followed(Posture.Following wanted, ServerOutcome outcome)
    {
        if (outcome is ServerOutcome.Failed failed)
        {
            Retry("follow-failed", failed.Reason);
        }
        else
        {
            _reached = wanted;
            _reachedAt = time.GetTimestamp();
            _reason = null;
        }
    }

    private async Task RewindAsync(
        Posture.Following wanted, Upstream upstream, RejoinDecision.NeedsRewind rewind, CancellationToken changed)
    {
        if (rewind.Equals(_rewound))
        {
            // pg_rewind looks at the last checkpoint only: a server that was stopped after a promotion and before its
            // first checkpoint seems to need nothing, and comes back with the WAL that it should have lost.
            _rewound = null;
            await CopyAsync(wanted, upstream, "going back to the fork did not take its own WAL away", changed);
            return;
        }

        _rewound = rewind;
        events.Add(
            "rewinding", NoticeSeverity.Info, wanted.Term,
            $"{self} has WAL to {rewind.Own} that {wanted.Leader} does not have; "
                    + $"it goes back to the fork at {rewind.Fork}");
        Doing(DriverActivity.Rewinding);
        var outcome = await server.RewindAsync(upstream, rewind.Own, TimeSpan.FromMinutes(10), CancellationToken.None);
        if (outcome is ServerOutcome.Failed failed)
        {
            Retry("rewind-failed", $"{failed.Reason}; it is copied anew");
            return;
        }

        await StartFollowingAsync(wanted, upstream, changed);
    }

    private async Task CopyAsync(Posture.Following wanted, Upstream upstream, string reason, CancellationToken changed)
    {
        events.Add(
            "copying", NoticeSeverity.Info, wanted.Term, $"{self} copies the data of {wanted.Leader}: {reason}");
        Doing(DriverActivity.Copying);
        var outcome = await server.CopyAsync(upstream, null, TimeSpan.FromDays(7), changed);
        if (outcome is ServerOutcome.Failed failed)
        {
            Retry("copy-failed", failed.Reason);
            return;
        }

        await StartFollowingAsync(wanted, upstream, changed);
    }

    private async Task StartFollowingAsync(Posture.Following wanted, Upstream upstream, CancellationToken changed)
    {
        await CarrySlotsAsync(upstream, changed);
        if (await EnsureStandbyAsync(upstream, changed))
        {
            _reached = wanted;
            _reachedAt = time.GetTimestamp();
            _reason = null;
        }
    }

    private async Task LeadAsync(Posture.Leading wanted, SynchronousStandbys? standbys, CancellationToken changed)
    {
        if (!IsRunning || _snapshot is not { } seen)
        {
            return;
        }

        if (seen.IsInRecovery)
        {
            await PromoteAsync(wanted, standbys, changed);
            return;
        }

        if (seen.Timeline != wanted.Term.ToTimeline())
        {
            Fault("foreign-primary", $"it is a primary on timeline {seen.Timeline}, not {wanted.Term}; it is stopped",
                NoticeSeverity.Error);
            await StopAsync(ShutdownMode.Immediate);
            return;
        }

        _reached = wanted;
        await ApplyAsync(standbys, changed);
        await MaintainSlotsAsync(changed);
    }

    private async Task PromoteAsync(Posture.Leading wanted, SynchronousStandbys? standbys, CancellationToken changed)
    {
        // Before the promotion, so that no commit of the new term can be acknowledged by this node alone.
        if (_reached is not Posture.Detached || !await ApplyAsync(standbys, changed))
        {
            return;
        }

        await slots.Carrier.PrepareLeadingAsync(
            _detachedPosition.Timeline, wanted.Term.ToTimeline(), _snapshot?.LogicalSlots ?? 0, changed);
        Doing(DriverActivity.Promoting);
        switch (await server.PromoteAsync(wanted.Term.ToTimeline(), PromoteDeadline, CancellationToken.None))
        {
            case PromoteOutcome.Promoted promoted:
                LogPromoted(wanted.Term.Value, promoted.Elapsed.TotalMilliseconds);
                _reached = wanted;
                _reason = null;
                break;
            case PromoteOutcome.WrongTimeline wrong:
                Fault("promotion-failed", $"the promotion made timeline {wrong.Actual} instead of {wanted.Term}",
                    NoticeSeverity.Error);
                await StopAsync(ShutdownMode.Immediate);
                break;
            case PromoteOutcome.Failed failed:
                Fault("promotion-failed", $"the promotion failed: {failed.Reason}", NoticeSeverity.Error);
                await StopAsync(ShutdownMode.Immediate);
                break;
        }
    }

    /// <summary>Stops so that every follower has received everything, as a fast shutdown does.</summary>
    private async Task HandOverAsync(Posture.HandedOver wanted)
    {
        if (wanted.Equals(_reached))
        {
            return;
        }

        if (IsRunning)
        {
            if (!IsCheckpointRecent)
            {
                // The checkpoint first, while nothing waits for it inside the shutdown.
                await server.PrepareHandoverAsync(HandoverDeadline, CancellationToken.None);
            }

            Doing(DriverActivity.Stopping);
            LogStopped(await server.StopAsync(ShutdownMode.Fast, HandoverDeadline));
        }

        NoticeExit();
        _reached = wanted;
    }

    /// <summary>
    /// Running, as a standby. A primary is stopped at once: it was not, or is no more, meant to be one.
    /// </summary>
    private async Task<bool> EnsureStandbyAsync(Upstream? upstream, CancellationToken changed)
    {
        if (IsRunning && await server.ObserveAsync(changed) is Observation.Seen { Snapshot: var seen })
        {
            _snapshot = seen;
            if (seen.IsInRecovery)
            {
                return true;
            }

            await StopAsync(ShutdownMode.Immediate);
        }
        else if (IsRunning && upstream is not null)
        {
            // It lives without answering, so it cannot be told whom to follow: it is started anew with that.
            await StopAsync(ShutdownMode.Immediate);
        }

        return await StartAsync(upstream, changed);
    }

    private async Task<bool> StartAsync(Upstream? upstream, CancellationToken changed)
    {
        if (_isLeftStopped)
        {
            _reason = "paused: PostgreSQL was stopped by somebody else and is left so until the instance is resumed";
            return false;
        }

        if (!IsRunning)
        {
            if (!IsRetryDue() || await server.InspectAsync(changed) is not DataDirectoryState.Present present)
            {
                return false;
            }

            if (!IsOurs(present.Control.System))
            {
                RefuseForeignData(present.Control.System);
                return false;
            }
        }

        // A rewind or a copy ended the server inside its step, and its settings went with its data: what was applied to
        // the life before, above all whom commits wait for, says nothing about the one that begins.
        NoticeExit();
        Doing(DriverActivity.Starting);
        switch (await server.StartAsync(upstream, null, changed))
        {
            case StartOutcome.Running running:
                slots.Carrier.Started();
                if (running.RemovedSettings.Length > 0)
                {
                    events.Add(
                        "settings-removed", NoticeSeverity.Warning, CurrentTerm,
                        $"{self}: ALTER SYSTEM had set what Matriarch sets itself; removed: " +
                        string.Join(", ", running.RemovedSettings));
                }

                _reason = null;
                return await server.ObserveAsync(changed) is Observation.Seen { Snapshot: { IsInRecovery: true } seen }
                    && Saw(seen);
            case StartOutcome.StillStarting starting:
                Retry("start-slow", starting.Reason);
                return false;
            case StartOutcome.Failed failed:
                slots.Carrier.NotStarted(CurrentTerm);
                Retry("start-failed", $"PostgreSQL does not start: {failed.Reason}");
                return false;
            default:
                return false;
        }
    }

    private bool Saw(ServerSnapshot snapshot)
    {
        _snapshot = snapshot;
        _snapshotAt = time.GetTimestamp();
        return true;
    }

    private async Task StopAsync(ShutdownMode mode)
    {
        Doing(DriverActivity.Stopping);
        LogStopped(await server.StopAsync(mode, StopDeadline));
        NoticeExit();
    }

    private async Task<bool> ApplyAsync(SynchronousStandbys? standbys, CancellationToken changed)
    {
        if (standbys is null || standbys.Equals(_appliedStandbys))
        {
            return true;
        }

        if (!IsRetryDue())
        {
            return false;
        }

        var outcome = await server.SetSynchronousStandbysAsync(standbys.Count, standbys.Names, StandbysDeadline,
            changed);
        if (outcome is ServerOutcome.Failed failed)
        {
            Retry("standbys-not-set", $"synchronous standbys were not set: {failed.Reason}");
            return false;
        }

        _appliedStandbys = standbys;
        return true;
    }
}
