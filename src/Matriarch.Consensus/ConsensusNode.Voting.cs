using System.Collections.Immutable;
using Matriarch.Core;

namespace Matriarch.Consensus;

/// <summary>Step 4: the voter's side of a recruitment.</summary>
public sealed partial class ConsensusNode
{
    private ulong _answeredNonce;
    private TimeSpan _joinedAt;

    private void OnRecruit(NodeId coordinator, Message.Recruit recruit)
    {
        var (term, nonce) = (recruit.Term, recruit.Nonce);
        if (_promise.Term == term && _promise.Kind == PromiseKind.Recruited && _promise.Node == coordinator
            && _promise.Nonce == nonce)
        {
            // The same attempt asks again: its answer may have been lost.
            _answeredNonce = 0;
            return;
        }

        if (_traits.IsObserver || !_statusSeen || _status.Condition == PostgresCondition.Absent)
        {
            return;
        }

        RefusalReason? refusal = _quiesced ? RefusalReason.Quiesced
            : term <= _promise.Term ? RefusalReason.PromisedHigher
            : Verdict() == LeaderVerdict.Healthy ? RefusalReason.LeaderHealthy
            : null;
        if (refusal is { } reason)
        {
            Send(coordinator, new Message.NotRecruited(term, nonce, _promise.Term, reason));
            return;
        }

        Join(coordinator, term, nonce);
    }

    /// <summary>
    /// Promises the term. From this moment no heartbeat of a lower term is acknowledged; the answer follows when the
    /// promise is durable and PostgreSQL follows nobody (<see cref="AnswerRecruitment"/>).
    /// </summary>
    private void Join(NodeId coordinator, Term term, ulong nonce)
    {
        Invariant.Holds(_leading is null, "a leader steps down before it is recruited");
        if (coordinator != _self)
        {
            _recruitment = null;
            _backoffUntil = _now + _options.FailureTimeout + Jitter(_options.RankDelay);
        }

        _answeredNonce = 0;
        _joinedAt = _now;
        Make(new Promise(term, PromiseKind.Recruited, coordinator, nonce));
        Assume(new Posture.Detached(term));
    }

    private void AnswerRecruitment()
    {
        if (_promise.Kind != PromiseKind.Recruited || !IsDurable || _answeredNonce == _promise.Nonce
            || _status is not { Condition: PostgresCondition.Running, IsPrimary: false, Counts: true, Rule: { } rule }
            || IsAstray
            || _status.Reached is not Posture.Detached reached || reached.Term != _promise.Term)
        {
            return;
        }

        _answeredNonce = _promise.Nonce;
        var answer = new Message.Recruited(
            _promise.Term, _promise.Nonce, _incarnation, _traits, _status.Position, rule, CurrentLeaseMarks(),
            _fencedTerm);
        if (_promise.Node == _self)
        {
            OnRecruited(_self, answer);
        }
        else
        {
            Send(_promise.Node, answer);
        }
    }

    /// <summary>
    /// The acknowledgements that may still back a lease. What this node acknowledged before its process started is not
    /// remembered, so for that long after the start it speaks of an unknown leader.
    /// </summary>
    private ImmutableArray<LeaseMark> CurrentLeaseMarks()
    {
        var marks = ImmutableArray.CreateBuilder<LeaseMark>();
        foreach (var (leadership, at) in _leaseMarks)
        {
            if (_now - at <= LeaseMemory)
            {
                marks.Add(new LeaseMark(leadership, _now - at));
            }
        }

        if (_now - _bootedAt <= LeaseMemory)
        {
            marks.Add(new LeaseMark(default, _now - _bootedAt));
        }

        return marks.ToImmutable();
    }

    private TimeSpan Jitter(TimeSpan upTo) => upTo * _random.NextDouble();
}
