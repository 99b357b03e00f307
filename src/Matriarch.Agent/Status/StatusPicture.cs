using System.Collections.Immutable;
using Matriarch.Consensus;
using Matriarch.Core;

namespace Matriarch.Agent;

/// <summary>
/// All that this agent knows at a moment, immutable: what facts are computed from, from scratch each time.
/// </summary>
/// <param name="Self">This node.</param>
/// <param name="Decided">The latest snapshot of consensus.</param>
/// <param name="Driver">The latest look at PostgreSQL.</param>
/// <param name="Nodes">Every known node, this one included.</param>
/// <param name="Pause">The newest pause that is known.</param>
/// <param name="Stores">Which topology stores cannot be used.</param>
/// <param name="MostLagBytes">A replica that lacks more WAL than this cannot be switched over to.</param>
internal sealed record StatusPicture(
    NodeId Self, LoopSnapshot Decided, DriverReport Driver, ImmutableArray<PictureNode> Nodes, PauseState Pause,
    StoreFaults Stores, long MostLagBytes)
{
    /// <summary>What this standby's copies of logical slots are worth.</summary>
    public ImmutableArray<SlotVerdict> Slots { get; init; } = [];

    /// <summary>For how long some of them have not been ready; null when all are.</summary>
    public TimeSpan? SlotsUnreadyFor { get; init; }

    /// <summary>The newest rule; null before one is known.</summary>
    public Rule? Rule => Decided.Rule;

    /// <summary>The node of that name; null when it is not known.</summary>
    public PictureNode? Find(NodeId node)
    {
        foreach (var known in Nodes)
        {
            if (known.Id == node)
            {
                return known;
            }
        }

        return null;
    }

    /// <summary>Whether the node is there: heard lately, or this one.</summary>
    public bool IsHeard(NodeId node) => Find(node) is { IsHeard: true };

    /// <summary>
    /// The node that serves. The last word of a leader that has failed, or of a term before the one that is known,
    /// does not count, however recent it is.
    /// </summary>
    public NodeId? Primary
    {
        get
        {
            if (Decided.IsServing)
            {
                return Self;
            }

            PictureNode? best = null;
            foreach (var node in Nodes)
            {
                if (node is { IsHeard: true, Facts.Role: NodeRole.Primary } && node.Id != Self && !HasFailed(node.Id)
                    && node.Facts.Timeline >= Decided.Known.Term.Value
                    && !(best?.Facts.Timeline > node.Facts.Timeline))
                {
                    best = node;
                }
            }

            return best?.Id;
        }
    }

    private bool HasFailed(NodeId node) =>
        node == Decided.Known.Leader && node != Self && Decided.Verdict == LeaderVerdict.Failed;

    /// <summary>Whether commits on the primary can wait for this standby and be acknowledged by it.</summary>
    public bool IsAttached(NodeId standby) =>
        Decided.IsServing && Driver.Snapshot is { IsInRecovery: false } own
            ? own.WalSenders.Any(s => s.State == "streaming" && s.ApplicationName == standby.Value)
            : Find(standby) is { IsHeard: true, Facts.State: NodeState.Streaming };

    /// <summary>
    /// The synchronous standbys in force: the leader's own are read from its PostgreSQL, another's follow from the
    /// rule. Null without a rule and a primary that it knows.
    /// </summary>
    public SynchronousStandbys? InForce
    {
        get
        {
            if (Decided.IsServing && Driver.Status.Synchronous is { } own)
            {
                return own;
            }

            return Rule is { } rule && Primary is { } primary && rule.HasVoter(primary)
                ? SynchronousStandbys.For(rule, primary)
                : null;
        }
    }

    /// <summary>Whether every commit waits for standbys that are not attached.</summary>
    public bool AreWritesBlocked => InForce is { } standbys && !standbys.IsMetBy(IsAttached);

    /// <summary>
    /// Whether this agent tells what is true of the whole instance, so that it is told once: the leader, or without
    /// one the voter with the lowest name that is heard. On both sides of a partition somebody does.
    /// </summary>
    public bool IsTeller
    {
        get
        {
            if (Primary is { } primary)
            {
                return primary == Self;
            }

            var candidates = Rule is { } rule ? rule.Voters.Select(v => v.Node) : Nodes.Select(n => n.Id);
            return candidates.Where(n => IsHeard(n) && !HasFailed(n)).Order().FirstOrDefault(Self) == Self;
        }
    }
}
