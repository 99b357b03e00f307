using Matriarch.Core;

namespace Matriarch.Consensus;

/// <summary>
/// A promotion behind the agent's back (pg_promote, pg_ctl promote, a trigger of another tool) makes a timeline that is
/// no term's: current + 1, whose number may be above, or equal to, that of a real leadership.
///
/// A position counts only if its timeline T can be that of a leadership: T is at most the term of the newest rule row
/// in that WAL, the highest term that this node has durably accepted, or the highest that it may itself have led, and
/// it was not seen here on a primary that nobody appointed.
///
/// No acknowledged write can be missed by this: a node that does not count gives no answer at all, never a lower one,
/// and as many voters as are enough still meet every commit quorum in one that answers. The price is time: where too
/// few count, nobody leads until the leader is back or a person has the stray one copied anew.
///
/// Not seen: a promotion by hand of a server whose data is behind the term that its node has accepted, while its agent
/// is down, and which no agent ever finds running as a primary.
/// </summary>
public sealed partial class ConsensusNode
{
    private Timeline? _strayTimeline;
    private Leadership _streamed;
    private bool _reportedStray;

    /// <summary>Whether the end of our WAL belongs to no leadership.</summary>
    private bool IsAstray => _strayTimeline == _status.Position.Timeline || !IsTimelineOfLeadership;

    private bool IsTimelineOfLeadership
    {
        get
        {
            var term = _status.Position.Timeline.ToTerm();
            return term <= _promise.Accepted || term <= _status.Rule?.Term || term <= _unfencedTerm;
        }
    }

    /// <summary>Where this node is, as far as others may rely on it; nowhere while it is astray.</summary>
    private WalPosition CountedPosition => IsAstray ? default : _status.Position;

    /// <summary>
    /// The term that a promise to follow accepts. None while this node is astray: its timeline could have the number of
    /// that very term, and after a crash nothing else would tell that it is not its leader's. It is accepted later,
    /// once the leader's own WAL is here.
    /// </summary>
    private Term AcceptedWith(Promise promise) =>
        promise.Kind == PromiseKind.Recruited || (promise.Kind == PromiseKind.Following && IsAstray)
            ? _promise.Accepted
            : promise.Term;

    /// <summary>
    /// A follower that an election passed by goes on streaming when the leader that it knows leads again, and has WAL
    /// of that term before it has heard the claim: having streamed it is accepting it.
    /// </summary>
    private void AcceptLeaderByItsWal()
    {
        if (_promise.Kind != PromiseKind.Following || _leading is not null || _strayTimeline is not null)
        {
            return;
        }

        var hasStreamed = _promise.Term < _known.Term && _promise.Node == _known.Leader && _streamed == _known
            && _status.Position.Timeline == _known.Term.ToTimeline()
            && !IsStillForgetful && !IsTakenForFormerLife(_rule);
        var isBack = _promise.Accepted < _promise.Term && _promise.Term == _known.Term && IsFollowingKnown && !IsAstray;
        if (hasStreamed)
        {
            // Its own WAL is the proof, so it is not astray when the promise below is made.
            _promise = _promise with { Accepted = _known.Term };
        }

        if (hasStreamed || isBack)
        {
            Make(new Promise(_known.Term, PromiseKind.Following, _known.Leader, 0));
        }
    }

    private void NoticeStray()
    {
        var timeline = _status.Position.Timeline;
        if (_status.IsPrimary && _leading is null && timeline.ToTerm() > _unfencedTerm
            && timeline.ToTerm() != _promise.Accepted && timeline.ToTerm() != _status.Rule?.Term)
        {
            _strayTimeline = timeline;
        }
        else if (_strayTimeline != timeline || IsFollowingKnown || timeline.ToTerm() == _status.Rule?.Term)
        {
            _strayTimeline = null;
        }

        if (_status.IsPrimary)
        {
            _streamed = default;
        }
        else if (_status is { IsStreaming: true, Reached: Posture.Following following })
        {
            _streamed = new Leadership(timeline.ToTerm(), following.Leader);
        }

        var isAstray = _status is { Condition: PostgresCondition.Running, Rule: not null } && IsAstray;
        if (isAstray && !_reportedStray)
        {
            Report(
                "stray-timeline", NoticeSeverity.Error,
                $"PostgreSQL of {_self} was promoted to timeline {timeline} by nobody's appointment; what it holds " +
                "beyond the leader counts for nothing and is taken back when it follows again");
        }

        _reportedStray = isAstray;
    }
}
