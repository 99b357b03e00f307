using System.Collections.Immutable;
using Matriarch.Core;

namespace Matriarch.Consensus;

/// <summary>
/// What nodes tell each other. Every message may be lost, delayed, repeated or overtaken; each is therefore either a
/// full picture or idempotent, and whoever needs an answer asks again.
/// </summary>
public abstract record Message
{
    private Message()
    {
    }

    /// <summary>The sender's full picture, to every other node, every heartbeat interval and at each change.</summary>
    /// <param name="Boot">Drawn at random by each process, so that the sequence may begin anew.</param>
    /// <param name="Sequence">Grows with each heartbeat of one process; a leader measures its lease by it.</param>
    /// <param name="Incarnation">Which life of its promises the sender is in.</param>
    /// <param name="Traits">What the operator says of the sender.</param>
    /// <param name="Promised">The highest term that it has promised.</param>
    /// <param name="Leadership">The newest leadership that it knows: the term and who leads.</param>
    /// <param name="Claim">Its own leadership, where it leads.</param>
    /// <param name="FencedTerm">
    /// The highest term that it led and has given up for good: its PostgreSQL is no primary.
    /// </param>
    /// <param name="Successor">Whom it wants to follow it, after a switchover.</param>
    /// <param name="Verdict">What it makes of <paramref name="Leadership"/>.</param>
    /// <param name="Rule">The newest rule that it knows.</param>
    /// <param name="Condition">What its PostgreSQL is doing.</param>
    /// <param name="Position">End of its WAL.</param>
    /// <param name="IsStreaming">It streams from the leader of <paramref name="Leadership"/>.</param>
    /// <param name="CanVote">It would answer a recruitment.</param>
    public sealed record Heartbeat(
        ulong Boot,
        ulong Sequence,
        Incarnation Incarnation,
        NodeTraits Traits,
        Term Promised,
        Leadership Leadership,
        LeadershipClaim? Claim,
        Term FencedTerm,
        NodeId Successor,
        LeaderVerdict Verdict,
        Rule? Rule,
        PostgresCondition Condition,
        WalPosition Position,
        bool IsStreaming,
        bool CanVote) : Message;

    /// <summary>A voter has taken note of a leader's heartbeat: the unit of which leases are made.</summary>
    public sealed record LeaseAck(Term Term, ulong Sequence) : Message;

    /// <summary>
    /// Stop acknowledging every lower term, promise this one to this attempt, then tell the exact position.
    /// </summary>
    public sealed record Recruit(Term Term, ulong Nonce) : Message;

    /// <summary>The promise is durable, nothing is acknowledged any more, and the position is exact.</summary>
    /// <param name="LeaseMarks">
    /// The leaders whose heartbeats it has acknowledged so recently that they may still serve.
    /// </param>
    /// <param name="Fenced">The highest term that the voter itself led and has given up.</param>
    public sealed record Recruited(
        Term Term, ulong Nonce, Incarnation Incarnation, NodeTraits Traits, WalPosition Position, Rule Rule,
        ImmutableArray<LeaseMark> LeaseMarks, Term Fenced) : Message;

    /// <summary>
    /// The voter does not join; it has promised <paramref name="Promised"/> or sees a healthy leader.
    /// </summary>
    public sealed record NotRecruited(Term Term, ulong Nonce, Term Promised, RefusalReason Reason) : Message;

    /// <summary>The coordinator has recruited enough; the receiver leads the term.</summary>
    /// <param name="Rule">The rule at the base of the new term, to be continued.</param>
    /// <param name="LeaseWait">
    /// How long the old leader might still serve, from now; zero when it is known to be fenced.
    /// </param>
    /// <param name="Base">What the new term begins with; a receiver that lacks some of it fetches that first.</param>
    /// <param name="Holder">Who has all of it.</param>
    public sealed record Appoint(
        Term Term, ulong Nonce, Rule Rule, TimeSpan LeaseWait, WalPosition Base, NodeId Holder) : Message;
}
