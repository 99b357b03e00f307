using Matriarch.Core;

namespace Matriarch.Consensus;

/// <summary>Step 2: what this node makes of the leader that it knows, and of itself as a former leader.</summary>
public sealed partial class ConsensusNode
{
    /// <summary>
    /// Three-valued: only <see cref="LeaderVerdict.Failed"/> ever leads to an election. A leader that is heard but
    /// neither claims nor has fenced itself (its agent has just been restarted) gets the same time as a silent one.
    /// </summary>
    private LeaderVerdict Verdict()
    {
        if (_leading is not null)
        {
            return LeaderVerdict.Healthy;
        }

        if (_known.Leader.IsNone)
        {
            return LeaderVerdict.Inconclusive;
        }

        if (_known.Leader == _self)
        {
            return _fencedTerm >= _known.Term ? LeaderVerdict.Failed : LeaderVerdict.Inconclusive;
        }

        var leader = _peers.Find(_known.Leader);
        if (leader is not null && leader.FencedTerm >= _known.Term)
        {
            return LeaderVerdict.Failed;
        }

        if (leader?.Last?.Claim is { } claim && claim.Term >= _known.Term && IsFresh(leader))
        {
            return LeaderVerdict.Healthy;
        }

        var heard = leader?.Last?.Claim is not null ? leader.HeardAt
            : _heardClaim?.Term == _known.Term ? _claimHeardAt
            : TimeSpan.Zero;
        var since = Later(Later(heard, _knownSince), _bootedAt);
        return HasReached(since + _options.FailureTimeout) ? LeaderVerdict.Failed : LeaderVerdict.Inconclusive;
    }

    /// <summary>
    /// A term that this node led is fenced once its PostgreSQL is seen not to be a primary and no leadership is under
    /// way: from then on only a new term can make it one again.
    /// </summary>
    private void UpdateFence()
    {
        if (_rule is { } rule && rule.Leader == _self && rule.Term > _unfencedTerm)
        {
            _unfencedTerm = rule.Term;
        }

        if (_known.Leader == _self)
        {
            // Others may know of an appointment that a crash kept from our disk; they wait for our word on it.
            _unfencedTerm = Term.Max(_unfencedTerm, _known.Term);
        }

        if (_leading is null && !IsPrimaryPossible && _unfencedTerm > _fencedTerm)
        {
            _fencedTerm = _unfencedTerm;
        }
    }

    private bool IsPrimaryPossible => _status.IsPrimary || _status.Condition == PostgresCondition.Busy;

    /// <summary>
    /// Applies the newest rule's standbys ahead of a promotion. Not on a server that may still be the primary of an
    /// older term: other names there would release, as acknowledged, commits that wait for the quorum of that term and
    /// will never have it. A leader decides itself when they change.
    /// </summary>
    private void SynchronizeAhead()
    {
        if (_leading is null && !IsPrimaryPossible && _rule is { } rule && !ReferenceEquals(rule, _synchronizedFor))
        {
            Synchronize(SynchronousStandbys.For(rule, _self));
            _synchronizedFor = rule;
        }
    }

    /// <summary>
    /// Whether this node would answer a recruitment: it holds data that counts, and its PostgreSQL runs
    /// so that its position can be read. Whether it is a voter is for the coordinator's rule to say: a
    /// voter that lags behind the row which made it one does not know it yet, and without its answer that
    /// rule could be stuck for good (Raft, section 6).
    /// </summary>
    private bool CanVote =>
        !_quiesced && !_traits.IsObserver && _statusSeen
        && _status is { Condition: PostgresCondition.Running, Counts: true, Rule: not null }
        && !IsAstray;

    /// <summary>
    /// Whether it may recruit others: it votes, in this life of its promises, under a rule that it knows.
    /// </summary>
    private bool CanStand =>
        CanVote && (_rule!.HasVoter(_self, _incarnation) || _status.Rule!.HasVoter(_self, _incarnation));

    /// <summary>
    /// Whether a peer was heard lately, agrees that the leader has failed, and would answer a recruitment.
    /// </summary>
    private bool IsReady(Peer peer) =>
        peer.Last is { CanVote: true, Verdict: LeaderVerdict.Failed } last
        && IsFresh(peer)
        && _rule!.HasVoter(peer.Id, last.Incarnation);

    private static TimeSpan Later(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
