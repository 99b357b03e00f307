using Matriarch.Core;

namespace Matriarch.Consensus;

/// <summary>
/// The second half of a planned switchover: the leader stops serving, stops PostgreSQL so that every follower has all
/// WAL, says that it is fenced and names its successor. From there it is a failover with nothing left to find out and
/// no lease to wait for.
/// </summary>
public sealed partial class ConsensusNode
{
    private void OnSwitchoverAsked(ConsensusEvent.SwitchoverAsked asked)
    {
        if (RefuseSwitchover(asked.To, out var target) is { } refusal)
        {
            _out.Add(new Effect.Answer(asked.RequestId, refusal.Error, refusal.WhatToDo));
            return;
        }

        BeginDraining(
            _leading!, target, asked.Drain ?? _options.DrainTimeout,
            $"an operator asked for {(asked.To.IsNone ? "another leader" : asked.To)}");
        _out.Add(new Effect.Answer(asked.RequestId, null, ""));
    }

    private (string Error, string WhatToDo)? RefuseSwitchover(NodeId wanted, out NodeId target)
    {
        target = wanted;
        if (_leading is { Phase: LeadershipPhase.Draining or LeadershipPhase.HandingOver } ending)
        {
            return ($"a switchover to {ending.Successor} is under way", "wait for its end, then ask again");
        }

        if (_leading is not { Phase: LeadershipPhase.Serving } leading)
        {
            return ($"{_self} does not lead now", "wait until a primary serves, then ask again");
        }

        if (leading.Change is not null)
        {
            return ("a change of membership is under way", "ask again in a moment");
        }

        if (wanted.IsNone)
        {
            target = BestSuccessor(leading);
            return target.IsNone
                ? ("no replica is fit to lead: none streams, is caught up and may lead",
                    "see the replicas with: matriarch status")
                : null;
        }

        if (wanted == _self)
        {
            return ($"{_self} is the primary already", "name another node, or none");
        }

        return WhyUnfit(wanted, leading) is { } why
            ? ($"{wanted} cannot lead: {why}", "choose another node, or wait until it streams and is caught up")
            : null;
    }

    private NodeId BestSuccessor(LeadershipState leading) =>
        _peers.All.ToArray()
            .Where(p => WhyUnfit(p.Id, leading) is null)
            .OrderByDescending(p => p.Last!.Traits.Priority)
            .ThenByDescending(p => p.Last!.Position)
            .ThenBy(p => p.Id)
            .Select(p => p.Id)
            .FirstOrDefault();

    private string? WhyUnfit(NodeId node, LeadershipState leading)
    {
        if (_peers.Find(node) is not { Last: { } last } peer)
        {
            return "there is no such node";
        }

        return !IsFresh(peer) ? "its agent does not answer"
            : !leading.Rule.HasVoter(node, last.Incarnation) ? "it is not a voter"
            : !last.Traits.CanLead ? "it is set never to lead"
            : last.Condition != PostgresCondition.Running || !last.IsStreaming ? "it does not stream from the primary"
            : last.Promised > leading.Term ? $"it has promised term {last.Promised}"
            : _status.Position.Lsn.BytesAfter(last.Position.Lsn) > _options.MaxJoinLagBytes
                ? $"it lacks {_status.Position.Lsn.BytesAfter(last.Position.Lsn)} bytes of WAL"
            : null;
    }

    private void BeginHandover(LeadershipState leading, NodeId successor, string reason)
    {
        leading.Phase = LeadershipPhase.HandingOver;
        leading.Successor = successor;
        leading.Change = null;
        leading.Drain = null;
        _out.Add(new Effect.Serve(null));
        PublishLeadership(leading);
        Report(
            "switchover-started", NoticeSeverity.Info,
            $"{_self} hands term {leading.Term} over to {successor}: {reason}");
        Assume(new Posture.HandedOver(leading.Term));
    }

    private void AdvanceHandover(LeadershipState leading)
    {
        var isDone = _status.Reached is Posture.HandedOver reached && reached.Term == leading.Term;
        if (!isDone && HasLostItsPrimary(leading) && _status.Reached is not null)
        {
            StepDown("its PostgreSQL ended during the switchover");
            return;
        }

        if (!isDone)
        {
            GiveUpWhenLateWithHandover(leading);
            return;
        }

        _leading = null;
        _successor = leading.Successor;
        _successorUntil = _now + _options.SuccessorGrace;
        UpdateFence();
        Assume(new Posture.Detached(_promise.Term));
    }

    private void GiveUpWhenLateWithHandover(LeadershipState leading)
    {
        var since = leading.HandoverSince ??= _now;
        var hasCrashed = _status.Condition
            is PostgresCondition.Stopped or PostgresCondition.Failed or PostgresCondition.Absent;
        if (HasReached(since + (hasCrashed ? _options.FailureTimeout : _options.LeadTimeout)))
        {
            StepDown("PostgreSQL did not stop cleanly and in time for the switchover");
        }
    }

    /// <summary>
    /// A node that promised a term which never got a leader cannot follow us, and cannot take its promise back. A new
    /// term, led by the best candidate, heals it. This holds for one that is no voter, too: it could never become one.
    /// </summary>
    private void HealStuckPromises(LeadershipState leading)
    {
        foreach (var peer in _peers.All)
        {
            peer.StuckSince = IsPromisedAbove(peer, leading.Term) ? peer.StuckSince ?? _now : null;
            if (peer.StuckSince is { } since && HasReached(since + _options.StuckPromiseTimeout) && !_quiesced)
            {
                var successor = BestSuccessor(leading);
                BeginDraining(
                    leading, successor.IsNone ? _self : successor, _options.DrainTimeout,
                    $"{peer.Id} has promised term {peer.Last!.Promised}, which has no leader, " +
                    "and can only join a higher one");
                return;
            }
        }
    }
}
