using Matriarch.Core;

namespace Matriarch.Consensus;

/// <summary>
/// Steps 5 to 7 on the leader's side: from the appointment over the rule's quorum to serving, and down again.
/// </summary>
public sealed partial class ConsensusNode
{
    private LeadershipState? _leading;
    private NodeId _successor;
    private TimeSpan _successorUntil = TimeSpan.MinValue;

    private void OnAppoint(NodeId coordinator, Message.Appoint appoint)
    {
        var isOurs = _promise is { Kind: PromiseKind.Recruited } && _promise.Term == appoint.Term
            && _promise.Nonce == appoint.Nonce && _promise.Node == coordinator;

        // A repeated request may have recruited the life after the one whose answer was counted.
        if (!isOurs || !appoint.Rule.HasVoter(_self, _incarnation)
            || !IsDurable || !_traits.CanLead || appoint.Term <= _fencedTerm)
        {
            return;
        }

        if (!HasFetched(appoint) || _status.Reached is not Posture.Detached reached || reached.Term != appoint.Term)
        {
            return;
        }

        var rule = appoint.Rule with { Term = appoint.Term, Revision = 0, Leader = _self };
        BeginLeading(rule, _now + appoint.LeaseWait, isResumed: false);
        Make(new Promise(appoint.Term, PromiseKind.Appointed, _self, appoint.Nonce));
    }

    private void BeginLeading(Rule rule, TimeSpan serveNotBefore, bool isResumed)
    {
        foreach (var peer in _peers.All)
        {
            peer.AckedSendTime = null;
            peer.StuckSince = null;
        }

        _recruitment = null;
        _appointment = null;
        _leading = new LeadershipState(rule.Term, rule, _now, serveNotBefore, isResumed);
        _unfencedTerm = Term.Max(_unfencedTerm, rule.Term);
        Know(new Leadership(rule.Term, _self));
        Want(_leading, rule, CopiesDuring(rule));
    }

    /// <summary>
    /// After a restart of the agent. Its own primary, still running on the timeline of the term
    /// for which it was appointed, goes on in the same term as soon as it has a lease. Any
    /// other primary was not made by us and is stopped.
    /// </summary>
    private void ResumeOrDetach()
    {
        if (_status.IsPrimary && _promise.Kind == PromiseKind.Appointed && _status.Rule is { } row
            && _status.Position.Timeline == _promise.Term.ToTimeline())
        {
            // A row of the process before may still wait for its quorum, unseen,
            // with the next revision: ours must come after it.
            var rule = row.Term == _promise.Term
                ? row with { Revision = row.Revision + 2 }
                : row with { Term = _promise.Term, Revision = 0, Leader = _self };
            Report(
                "leadership-resumed", NoticeSeverity.Info,
                $"{_self} goes on leading term {_promise.Term} after a restart of its agent");
            BeginLeading(rule, _now + ForgottenLeaseWait, isResumed: true);
        }
        else if (_status.IsPrimary)
        {
            Report(
                "foreign-primary", NoticeSeverity.Error,
                $"PostgreSQL of {_self} was found running as a primary on timeline {_status.Position.Timeline} " +
                $"without an appointment for that term; it is stopped and made a standby");
        }
    }

    /// <summary>
    /// What is left of the wait for the lease before ours is not remembered, nor whether we have served already. Only
    /// the first term has none before it.
    /// </summary>
    private TimeSpan ForgottenLeaseWait => _promise.Term == Term.First ? TimeSpan.Zero : LeaseMemory;

    private void AdvanceLeadership()
    {
        if (_leading is not { } leading)
        {
            return;
        }

        if (leading.Phase == LeadershipPhase.HandingOver)
        {
            AdvanceHandover(leading);
            return;
        }

        if (HasLostItsPrimary(leading))
        {
            StepDown("its PostgreSQL has ended");
            return;
        }

        // The lease comes before all else: whatever PostgreSQL is said to be doing, nobody serves without one.
        var hasLease = HasLease(leading);
        if (leading.IsServing && !hasLease)
        {
            StepDown("it has not heard from a majority of the voters for the length of its lease");
            return;
        }

        if (!IsDurable || !IsPromoted(leading))
        {
            leading.UnseenSince ??= _now;
            GiveUpWhenLate(leading);
            return;
        }

        leading.UnseenSince = null;
        AdaptStandbys(leading);
        AdvanceRuleChange(leading);
        if (leading.Phase == LeadershipPhase.Serving)
        {
            ConsiderMembership(leading);
            HealStuckPromises(leading);
        }
        else if (leading.Phase == LeadershipPhase.Draining)
        {
            AdvanceDraining(leading);
        }
        else if (leading is { Phase: LeadershipPhase.Open, Change: null } && hasLease && OldLeaseIsOver(leading))
        {
            BeginServing(leading);
        }
        else
        {
            GiveUpWhenLate(leading);
        }
    }

    private bool HasLease(LeadershipState leading) =>
        LeaseClock.Until(leading.Rule, _self, _now, _options.LeaseDuration, _peers) is { } until && !HasReached(until);

    private bool IsPromoted(LeadershipState leading) =>
        _status.IsPrimary && _status.Position.Timeline == leading.Term.ToTimeline()
        && _status.Reached is Posture.Leading reached && reached.Term == leading.Term;

    /// <summary>
    /// PostgreSQL was promoted for this leadership and runs no more, or could not be promoted at all.
    /// </summary>
    private bool HasLostItsPrimary(LeadershipState leading) =>
        _status.Condition is PostgresCondition.Stopped or PostgresCondition.Failed or PostgresCondition.Absent
        || (leading.Phase != LeadershipPhase.Promoting && _status.Condition == PostgresCondition.Running
            && !_status.IsPrimary);

    /// <summary>
    /// The old lease was waited out, or every term below is fenced by the leader known to have had it.
    /// </summary>
    private bool OldLeaseIsOver(LeadershipState leading) => HasReached(leading.ServeNotBefore);

    /// <summary>
    /// Before it serves, a leader gives up when its time is over; sooner when voters have promised a higher
    /// term, since they can neither follow it nor, while they hear it, stand themselves. A serving one
    /// gives up when its primary is not seen for long.
    /// </summary>
    private void GiveUpWhenLate(LeadershipState leading)
    {
        if (leading.IsServing)
        {
            if (leading.UnseenSince is { } since && HasReached(since + _options.UnresponsiveTimeout)
                && CanOthersTakeOver(leading))
            {
                StepDown("its PostgreSQL has not been seen to be the primary of its term for too long");
            }

            return;
        }

        var limit = IsAnyVoterPromisedAbove(leading) ? _options.StuckPromiseTimeout : _options.LeadTimeout;
        if (HasReached(leading.StartedAt + limit))
        {
            StepDown($"it could not begin to serve within {limit.TotalSeconds:F0} s");
        }
    }

    /// <summary>
    /// Whether enough voters, this one with its PostgreSQL started anew included, would answer a recruitment, and one
    /// of the others may lead: or else giving up would only make a slow instance one without a primary.
    /// </summary>
    private bool CanOthersTakeOver(LeadershipState leading)
    {
        var leaders = 0;
        var isEnough = leading.Rule.IsEnough(voter =>
        {
            if (_peers.Find(voter.Node) is { Last: { CanVote: true } last } peer
                && last.Incarnation == voter.Incarnation && IsFresh(peer))
            {
                leaders += last.Traits.CanLead ? 1 : 0;
                return true;
            }

            return voter.Node == _self;
        });
        return leaders > 0 && isEnough && !_quiesced;
    }

    private bool IsAnyVoterPromisedAbove(LeadershipState leading)
    {
        foreach (var peer in _peers.All)
        {
            if (leading.Rule.HasVoter(peer.Id) && IsPromisedAbove(peer, leading.Term))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsPromisedAbove(Peer peer, Term term) => IsFresh(peer) && peer.Last!.Promised > term;

    private void BeginServing(LeadershipState leading)
    {
        leading.Phase = LeadershipPhase.Serving;
        _out.Add(new Effect.Serve(leading.Rule));
        PublishLeadership(leading);
        Report(
            "leader-serving", NoticeSeverity.Info,
            $"{_self} serves term {leading.Term}: a quorum of {leading.Rule.RequiredCopies} of " +
            $"{leading.Rule.Voters.Length} holds its rule");
    }

    private void PublishLeadership(LeadershipState leading) =>
        _out.Add(new Effect.Publish(leading.Term, leading.Rule.Revision, IsServing ? _self : null));

    /// <summary>
    /// Ends this leadership for good. The serving gate closes first; the fence is announced only once PostgreSQL is
    /// seen not to be a primary any more (<see cref="UpdateFence"/>).
    /// </summary>
    private void StepDown(string reason)
    {
        var leading = _leading!;
        var wasServing = leading.IsServing;
        _leading = null;
        _failedSince = null;
        _out.Add(new Effect.Serve(null));
        if (wasServing)
        {
            _out.Add(new Effect.Publish(leading.Term, leading.Rule.Revision, null));
        }

        Report("leader-stepped-down", NoticeSeverity.Warning, $"{_self} gives up term {leading.Term}: {reason}");
        UpdateFence();
        Assume(new Posture.Detached(_promise.Term));
    }

    /// <summary>The posture that follows from the promise and from what the leader has said.</summary>
    private void UpdatePosture()
    {
        if (_leading is { } leading)
        {
            if (leading.Phase == LeadershipPhase.HandingOver)
            {
                Assume(new Posture.HandedOver(leading.Term));
            }
            else if (IsDurable && !(_posture is Posture.Leading assumed && assumed.Term == leading.Term))
            {
                Assume(new Posture.Leading(leading.Term));
            }

            return;
        }

        if (_promise.Kind == PromiseKind.Following && !_promise.Node.IsNone && _promise.Node != _self)
        {
            var isOpen = _heardClaim is { } claim && claim.Term == _promise.Term
                && claim.Phase is LeadershipPhase.Open or LeadershipPhase.Serving or LeadershipPhase.Draining;
            var isAssumed = _posture is Posture.Following assumed
                && assumed.Term == _promise.Term && assumed.Leader == _promise.Node;
            if (IsDurable && !isAssumed
                && (isOpen
                    || (_posture is Posture.Idle
                        && _status is { Condition: PostgresCondition.Running, IsPrimary: false })))
            {
                Assume(new Posture.Following(_promise.Term, _promise.Node));
            }
        }

        if (_status.Condition != PostgresCondition.Absent && _posture is Posture.Idle)
        {
            Assume(new Posture.Detached(_promise.Term));
        }
    }
}
