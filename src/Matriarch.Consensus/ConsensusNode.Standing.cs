using Matriarch.Core;

namespace Matriarch.Consensus;

/// <summary>Steps 3 and 5: who stands, when, and what a coordinator does with its recruits.</summary>
public sealed partial class ConsensusNode
{
    /// <summary>How many failure timeouts a recruit leaves to the coordinator that it has joined and hears.</summary>
    private const int CoordinatorPatience = 5;

    private Recruitment? _recruitment;
    private TimeSpan _backoffUntil = TimeSpan.MinValue;
    private TimeSpan? _failedSince;
    private bool _reportedNoQuorum;

    /// <summary>Recruits as soon as this node is the best placed of those that could, or its turn has come.</summary>
    private void ConsiderStanding()
    {
        if (Verdict() != LeaderVerdict.Failed || _leading is not null)
        {
            _failedSince = null;
            _reportedNoQuorum = false;
            return;
        }

        _failedSince ??= _now;
        if (_recruitment is not null || _appointment is not null || _rule is null
            || !CanStand
            || !HasReached(_backoffUntil) || IsCoordinatorAtWork)
        {
            return;
        }

        List<Peer> ready = [];
        foreach (var peer in _peers.All)
        {
            if (IsReady(peer))
            {
                ready.Add(peer);
            }
        }

        if (!PreVote(ready))
        {
            return;
        }

        if (HasReached(_failedSince.Value + StandingDelay(ready)))
        {
            Stand(ready);
        }
    }

    /// <summary>
    /// Whether the coordinator that this node has joined is heard and still at the same term. On a busy machine its
    /// voters may take longer to detach than anybody's back-off, and a second coordinator would only take them away
    /// from the first, and leave the leader that the first appoints without followers. Not for long: it may be hung, or
    /// its appointment lost.
    /// </summary>
    private bool IsCoordinatorAtWork =>
        _promise.Kind == PromiseKind.Recruited && _promise.Node != _self
        && _peers.Find(_promise.Node) is { } coordinator && coordinator.Last?.Promised == _promise.Term
        && IsFresh(coordinator) && !HasReached(_joinedAt + (CoordinatorPatience * _options.FailureTimeout));

    /// <summary>Would a recruitment succeed? If not, nobody is disturbed, and the operator is told once.</summary>
    private bool PreVote(List<Peer> ready)
    {
        var own = _status.Rule!;
        if (_rule!.IsEnough(v => IsIn(v, ready)) && own.IsEnough(v => IsIn(v, ready)))
        {
            _reportedNoQuorum = false;
            return true;
        }

        if (!_reportedNoQuorum && HasReached(_failedSince!.Value + (3 * _options.FailureTimeout)))
        {
            _reportedNoQuorum = true;
            var missing = _rule.Voters.Where(v => v.Node != _self && ready.TrueForAll(p => p.Id != v.Node));
            Report(
                "no-quorum", NoticeSeverity.Error,
                $"{_known} has failed, but too few voters can take part in an election; missing: " +
                string.Join(", ", missing.Select(v => v.Node)));
        }

        return false;
    }

    private bool IsIn(Voter voter, List<Peer> ready)
    {
        if (voter.Node == _self)
        {
            return voter.Incarnation == _incarnation;
        }

        foreach (var peer in ready)
        {
            if (peer.Id == voter.Node)
            {
                return peer.Last!.Incarnation == voter.Incarnation;
            }
        }

        return false;
    }

    /// <summary>
    /// A named successor goes at once and all others leave it time; otherwise each waits by its rank.
    /// </summary>
    private TimeSpan StandingDelay(List<Peer> ready)
    {
        var successor = NamedSuccessor();
        if (successor == _self)
        {
            return TimeSpan.Zero;
        }

        var own = (_traits.CanLead, _status.Position, _traits.Priority);
        var rank = ready.Count(p => IsBetter(p, own));
        var grace = successor.IsNone ? TimeSpan.Zero : _options.SuccessorGrace;
        return grace + (rank * _options.RankDelay);
    }

    private bool IsBetter(Peer peer, (bool CanLead, WalPosition Position, int Priority) own)
    {
        var last = peer.Last!;
        var byRank = (last.Traits.CanLead, last.Position, last.Traits.Priority).CompareTo(own);
        return byRank != 0 ? byRank > 0 : peer.Id < _self;
    }

    /// <summary>Whom the failed leader has named; none when it has not, or when it is not heard any more.</summary>
    private NodeId NamedSuccessor()
    {
        if (_known.Leader == _self)
        {
            return HasReached(_successorUntil) ? default : _successor;
        }

        return _peers.Find(_known.Leader) is { } leader && IsFresh(leader)
            ? leader.Last!.Successor
            : default;
    }

    private void Stand(List<Peer> ready)
    {
        var (term, nonce) = (HighestTerm().Next(), NextNonce());
        var targets = _rule!.Voters.Concat(_status.Rule!.Voters).Select(v => v.Node).Distinct().Order().ToList();
        _recruitment = new Recruitment(term, nonce, _now, targets)
        {
            Expected = [.. ready.Select(p => p.Id), _self],
        };
        Join(_self, term, nonce);
        var (isExpected, reason) = WhyNobodyLeads();
        Report(
            "election-started", isExpected ? NoticeSeverity.Info : NoticeSeverity.Warning,
            $"{_self} recruits for term {term}: {reason}");
        Ask(_recruitment);
    }

    private Term HighestTerm()
    {
        var highest = Term.Max(_promise.Term, Term.Max(_known.Term, _rule!.Term));
        foreach (var peer in _peers.All)
        {
            highest = Term.Max(highest, peer.Last?.Promised ?? Term.None);
        }

        return highest;
    }

    /// <summary>Why there is an election, for people, and whether somebody meant it to be.</summary>
    private (bool IsExpected, string Reason) WhyNobodyLeads()
    {
        var was = $"{_known.Leader}, the leader of term {_known.Term},";
        if (_known.Leader == _self)
        {
            return (true, $"{was} has been started anew, and every leadership is a new term");
        }

        var leader = _peers.Find(_known.Leader);
        if (leader?.FencedTerm >= _known.Term)
        {
            return leader.Last?.Successor is { IsNone: false } successor
                ? (true, $"{was} handed over to {successor}")
                : (false, $"{was} has no running primary any more");
        }

        return leader?.Last is null
            ? (false, $"{was} has not been heard since this agent started")
            : (false, $"{was} has been silent for {(_now - leader.HeardAt).TotalMilliseconds:F0} ms");
    }

    private void Ask(Recruitment attempt)
    {
        attempt.AskedAt = _now;
        foreach (var target in attempt.Targets)
        {
            if (target != _self && !attempt.HasAnswered(target))
            {
                Send(target, new Message.Recruit(attempt.Term, attempt.Nonce));
            }
        }
    }

    private void OnRecruited(NodeId from, Message.Recruited recruited)
    {
        _peers.Find(from)?.LearnFence(recruited.Fenced);
        if (_recruitment is { } attempt && attempt.Term == recruited.Term && attempt.Nonce == recruited.Nonce)
        {
            attempt.Take(from, recruited, _now);
        }
    }

    private void OnNotRecruited(NodeId from, Message.NotRecruited refused)
    {
        if (_recruitment is not { } attempt || attempt.Term != refused.Term || attempt.Nonce != refused.Nonce)
        {
            return;
        }

        if (refused.Reason == RefusalReason.PromisedHigher)
        {
            Report(
                "election-abandoned", NoticeSeverity.Info,
                $"{from} has promised term {refused.Promised}; term {attempt.Term} is given up");
            _recruitment = null;
            _backoffUntil = _now + Jitter(_options.RankDelay);
        }
    }

    private void AdvanceRecruitment()
    {
        AdvanceAppointment();
        if (_recruitment is not { } attempt)
        {
            return;
        }

        var patience = _options.HeartbeatInterval / 2;
        var decided = attempt.Decide(_now, patience, NamedSuccessor(), _options.MaxJoinLagBytes, CannotFetch);
        if (decided is { Leader.IsNone: false } decision)
        {
            Decided(attempt, decision);
            return;
        }

        if (attempt.EnoughSince is { } enough && enough + patience > _now)
        {
            WakeBy(enough + patience);
        }
        if (HasReached(attempt.StartedAt + _options.RecruitTimeout))
        {
            var missing = attempt.Targets.Where(t => !attempt.HasAnswered(t));
            Report(
                "election-failed", NoticeSeverity.Warning,
                decided is null
                    ? $"too few voters joined term {attempt.Term} in time; missing: {string.Join(", ", missing)}"
                    : $"of {string.Join(", ", decided.Recruits)}, which joined term {attempt.Term}, none may lead: " +
                    $"{decided.Holder} is furthest and set never to lead, and no other could fetch WAL from it");
            _recruitment = null;
            _backoffUntil = _now + Jitter(_options.FailureTimeout);
        }
        else if (HasReached(attempt.AskedAt + (_options.HeartbeatInterval / 2)))
        {
            Ask(attempt);
        }
    }

    private bool IsFenced(Leadership leadership)
    {
        if (leadership.Leader.IsNone)
        {
            return false;
        }

        return leadership.Leader == _self
            ? _fencedTerm >= leadership.Term
            : _peers.Find(leadership.Leader) is { } peer && peer.FencedTerm >= leadership.Term;
    }
}
