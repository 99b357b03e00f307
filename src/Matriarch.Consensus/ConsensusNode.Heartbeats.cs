using Matriarch.Core;

namespace Matriarch.Consensus;

/// <summary>Step 1: what nodes tell each other all the time, and what follows from hearing a leader.</summary>
public sealed partial class ConsensusNode
{
    private readonly List<(Leadership Leadership, TimeSpan At)> _leaseMarks = [];
    private TimeSpan _heartbeatAt;
    private Message.Heartbeat? _lastSent;

    // Begins at the boot's number: an acknowledgement meant for an earlier process then names nothing.
    private ulong _sequence;
    private LeadershipClaim? _heardClaim;
    private TimeSpan _claimHeardAt;

    private void OnHeartbeat(NodeId from, Message.Heartbeat heartbeat)
    {
        var peer = PeerOf(from);
        if (peer is null || !peer.Accept(heartbeat, _now))
        {
            return;
        }

        Know(heartbeat.Leadership);
        if (_leading is { } leading && leading.Term < _known.Term)
        {
            StepDown($"{_known} is known to {from}");
        }

        if (heartbeat.Claim is { } claim)
        {
            OnClaim(from, claim, heartbeat);
        }
    }

    /// <summary>
    /// A leader speaks. A claim below the promise is answered by nothing: that is what the promise means.
    /// </summary>
    private void OnClaim(NodeId leader, LeadershipClaim claim, Message.Heartbeat heartbeat)
    {
        if (claim.Term < _promise.Term || IsStillForgetful || IsTakenForFormerLife(heartbeat.Rule))
        {
            return;
        }

        if (claim.Term == _promise.Term)
        {
            Invariant.Holds(
                _promise.Kind == PromiseKind.Recruited || _promise.Node == leader, "one leader per term");
        }

        if (_leading is not null)
        {
            StepDown($"{leader} leads the higher term {claim.Term}");
        }

        if (_recruitment is { } attempt && attempt.Term <= claim.Term)
        {
            _recruitment = null;
        }

        if (_promise.Term != claim.Term || _promise.Kind == PromiseKind.Recruited)
        {
            Make(new Promise(claim.Term, PromiseKind.Following, leader, 0));
        }

        Know(new Leadership(claim.Term, leader));
        _heardClaim = claim;
        _claimHeardAt = _now;
        if (claim.Phase != LeadershipPhase.Promoting && heartbeat.Rule is { } rule && rule.Term <= claim.Term)
        {
            LearnRule(rule);
        }

        if (IsDurable)
        {
            MarkLease(new Leadership(claim.Term, leader));
            Send(leader, new Message.LeaseAck(claim.Term, heartbeat.Sequence));
        }
    }

    /// <summary>
    /// A node that started without any promise may be a voter that has lost its own. It follows nobody until whatever
    /// it might have promised to has outlived the lease of the leader from before: acknowledging that one again would
    /// bring back WAL that an election has already counted as not acknowledged here.
    /// </summary>
    private bool IsStillForgetful => _isNewLife && _now - _bootedAt <= LeaseMemory;

    /// <summary>
    /// PostgreSQL knows standbys by name only: what we acknowledged would count as the voter that
    /// we were, whose promises may already have made another leader. So the leader strikes our
    /// former life off its rule before we follow it.
    /// </summary>
    private bool IsTakenForFormerLife(Rule? rule) =>
        rule is not null && rule.HasVoter(_self) && !rule.HasVoter(_self, _incarnation);

    /// <summary>Remembers the acknowledgement for as long as it can back a lease.</summary>
    private void MarkLease(Leadership leadership)
    {
        _leaseMarks.RemoveAll(m => m.Leadership == leadership || _now - m.At > LeaseMemory);
        _leaseMarks.Add((leadership, _now));
    }

    private TimeSpan LeaseMemory => _options.LeaseDuration * (1 + (2 * ConsensusOptions.ClockDrift));

    private void OnLeaseAck(NodeId from, Message.LeaseAck ack)
    {
        if (_leading is null || ack.Term != _leading.Term || _peers.Find(from) is not { } peer)
        {
            return;
        }

        if (_lease.SentAt(ack.Sequence) is { } sent && (peer.AckedSendTime is null || sent > peer.AckedSendTime))
        {
            peer.AckedSendTime = sent;
        }
    }

    /// <summary>
    /// A heartbeat is put together only when it is due: nothing changes in most steps, and there are many.
    /// </summary>
    private void SendHeartbeats()
    {
        var claimed = _leading is { } leading && IsDurable ? leading : null;
        var successor = HasReached(_successorUntil) ? default : _successor;
        var verdict = Verdict();
        if (!IsNews(claimed, successor, verdict) && !HasReached(_heartbeatAt + _options.HeartbeatInterval))
        {
            return;
        }

        _heartbeatAt = _now;
        WakeBy(_now + _options.HeartbeatInterval);
        _lease.Sent(++_sequence, _now);
        _lastSent = new Message.Heartbeat(
            _boot, _sequence, _incarnation, _traits, _promise.Term, _known,
            claimed is null ? null : new LeadershipClaim(claimed.Term, claimed.Phase),
            _fencedTerm, successor, verdict, _rule,
            _status.Condition, CountedPosition, IsFollowingKnown, CanVote);
        foreach (var peer in _peers.All)
        {
            Send(peer.Id, _lastSent);
        }
    }

    /// <summary>Whether the others should hear of the change at once rather than at the next interval.</summary>
    private bool IsNews(LeadershipState? claimed, NodeId successor, LeaderVerdict verdict) =>
        _lastSent is not { } last
        || last.Claim?.Term != claimed?.Term
        || last.Claim?.Phase != claimed?.Phase
        || last.FencedTerm != _fencedTerm
        || last.Verdict != verdict
        || last.Condition != _status.Condition
        || last.CanVote != CanVote
        || last.IsStreaming != IsFollowingKnown
        || last.Position.Timeline != CountedPosition.Timeline
        || last.Successor != successor
        || last.Rule != _rule
        || (_heardClaim?.Phase == LeadershipPhase.Open && last.Position != CountedPosition
            && HasReached(_heartbeatAt + (_options.HeartbeatInterval / 10)));

    private bool IsFollowingKnown =>
        _status.IsStreaming && _status.Reached is Posture.Following following && following.Term == _known.Term;
}
