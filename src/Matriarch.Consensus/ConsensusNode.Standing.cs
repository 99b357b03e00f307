using Matriarch.Core;

namespace Matriarch.Consensus;

/// <summary>Steps 3 and 5: who stands, when, and what a coordinator does with its recruits.</summary>
public sealed partial class ConsensusNode
{
    private Recruitment? _recruitment;
    private Appointment? _appointment;
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
        if (_recruitment is not null || _rule is null || !CanStand || !HasReached(_backoffUntil))
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

    /// <summary>Would a recruitment succeed? If not, nobody is disturbed, and the operator is told once.</summary>
    private bool PreVote(List<Peer> ready)
    {
        var own = _status.Rule!;
        if (_rule!.IsEnough(CountReady(_rule, ready)) && own.IsEnough(CountReady(own, ready)))
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

    private int CountReady(Rule rule, List<Peer> ready) =>
        ready.Count(p => rule.HasVoter(p.Id, p.Last!.Incarnation)) + (rule.HasVoter(_self, _incarnation) ? 1 : 0);

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
        var highest = Term.Max(_promise.Term, Term.Max(_known.Term, _rule!.Term));
        foreach (var peer in _peers.All)
        {
            highest = Term.Max(highest, peer.Last?.Promised ?? Term.None);
        }

        var term = highest.Next();
        var nonce = NextNonce();
        var targets = _rule.Voters.Concat(_status.Rule!.Voters).Select(v => v.Node).Distinct().Order().ToList();
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
        if (attempt.Decide(_now, patience, NamedSuccessor()) is { Leader.IsNone: false } decision)
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
                $"too few voters joined term {attempt.Term} in time; missing: {string.Join(", ", missing)}");
            _recruitment = null;
            _backoffUntil = _now + Jitter(_options.FailureTimeout);
        }
        else if (HasReached(attempt.AskedAt + (_options.HeartbeatInterval / 2)))
        {
            Ask(attempt);
        }
    }

    private void Decided(Recruitment attempt, Recruitment.Decision decision)
    {
        var wait = attempt.LeaseWait(_now, _options.LeaseDuration, IsFenced);
        Report(
            "leader-chosen", NoticeSeverity.Info,
            $"{decision.Leader} leads term {attempt.Term}: it holds {decision.Base}, as far as any of " +
            $"{string.Join(", ", decision.Recruits)}; the old lease may last another {wait.TotalMilliseconds:F0} ms");
        _recruitment = null;
        _backoffUntil = _now + (2 * _options.FailureTimeout) + Jitter(_options.RankDelay);
        var appoint = new Message.Appoint(attempt.Term, attempt.Nonce, decision.Rule, wait);
        if (decision.Leader == _self)
        {
            OnAppoint(_self, appoint);
            return;
        }

        _appointment = new Appointment(decision.Leader, appoint, _now, _now);
        Send(decision.Leader, appoint);
    }

    /// <summary>
    /// Repeats the appointment until the leader claims its term, this node is recruited higher, or time is up.
    /// </summary>
    private void AdvanceAppointment()
    {
        if (_appointment is not { } appointment)
        {
            return;
        }

        var message = appointment.Message;
        if (_promise.Term != message.Term || _promise.Kind != PromiseKind.Recruited
            || HasReached(appointment.MadeAt + (2 * _options.FailureTimeout)))
        {
            _appointment = null;
        }
        else if (HasReached(appointment.SentAt + (_options.HeartbeatInterval / 2)))
        {
            var elapsed = _now - appointment.MadeAt;
            var wait = message.LeaseWait > elapsed ? message.LeaseWait - elapsed : TimeSpan.Zero;
            _appointment = appointment with { SentAt = _now };
            Send(appointment.Leader, message with { LeaseWait = wait });
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

    private sealed record Appointment(NodeId Leader, Message.Appoint Message, TimeSpan MadeAt, TimeSpan SentAt);
}
