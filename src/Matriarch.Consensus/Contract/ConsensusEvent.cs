using Matriarch.Core;

namespace Matriarch.Consensus;

/// <summary>
/// Everything that can happen to a node. Each carries no time; <see cref="ConsensusNode.Step"/> is told it.
/// </summary>
public abstract record ConsensusEvent
{
    private ConsensusEvent()
    {
    }

    /// <summary>
    /// Time has passed. Expected at <see cref="ConsensusNode.NextWake"/>, or else at least every 20 ms.
    /// </summary>
    public sealed record Tick : ConsensusEvent
    {
        /// <summary>The only one that is needed, since it carries nothing.</summary>
        public static readonly Tick Instance = new();
    }

    /// <summary>A message has come, its sender authenticated by the transport.</summary>
    public sealed record Received(NodeId From, Message Message) : ConsensusEvent;

    /// <summary>A promise has reached the disk.</summary>
    public sealed record Persisted(Promise Promise) : ConsensusEvent;

    /// <summary>The driver's latest look at PostgreSQL.</summary>
    public sealed record Observed(PostgresStatus Status) : ConsensusEvent;

    /// <summary>The commit of a rule row has been seen to wait for its quorum.</summary>
    public sealed record RuleWaiting(Rule Rule) : ConsensusEvent;

    /// <summary>The commit of a rule row has returned. <paramref name="Waited"/>: it was seen to wait first.</summary>
    public sealed record RuleWritten(Rule Rule, Lsn Lsn, bool Waited) : ConsensusEvent;

    /// <summary>The rule row could not be written, or what became of it is unknown.</summary>
    public sealed record RuleFailed(Rule Rule, string Reason) : ConsensusEvent;

    /// <summary>An operator wants another leader; <paramref name="To"/> is default for "the best other node".</summary>
    public sealed record SwitchoverAsked(NodeId To, ulong RequestId) : ConsensusEvent;

    /// <summary>An operator wants commits to need other copies from now on.</summary>
    public sealed record PolicyAsked(DurabilityPolicy Policy, ulong RequestId) : ConsensusEvent;

    /// <summary>An operator says that a node is gone for good.</summary>
    public sealed record RemovalAsked(NodeId Node, ulong RequestId) : ConsensusEvent;

    /// <summary>
    /// An operator says that a majority is gone for good, and that this node shall go on alone with what it has:
    /// acknowledged writes that only the others hold are lost.
    /// </summary>
    public sealed record RecoveryAsked(ulong RequestId) : ConsensusEvent;

    /// <summary>Start no elections and take part in none (true), or go on (false).</summary>
    public sealed record QuiesceAsked(bool Quiesce) : ConsensusEvent;

    /// <summary>
    /// The other nodes of the instance that are to be told heartbeats; none is forgotten while it votes.
    /// </summary>
    public sealed record PeersKnown(IReadOnlyList<NodeId> Peers) : ConsensusEvent;
}
