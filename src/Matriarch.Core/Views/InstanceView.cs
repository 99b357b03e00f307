using System.Collections.Immutable;

namespace Matriarch.Core;

/// <summary>
/// One instance as gateways see it. Views are compared by (term, revision): a gateway never goes back to an older term,
/// however late the message about it arrives.
/// </summary>
/// <param name="Name">The instance, for example <c>main</c>.</param>
/// <param name="Term">The highest term in which a node has served.</param>
/// <param name="Revision">The rule's revision within the term.</param>
/// <param name="Primary">The serving leader; null while there is none (a switchover or failover is under way).</param>
/// <param name="Nodes">All known nodes, ordered by name.</param>
public sealed record InstanceView(
    string Name, Term Term, int Revision, NodeId? Primary, ImmutableArray<NodeView> Nodes)
{
    /// <summary>The primary is about to hand over: what runs may end, and no new transaction should begin.</summary>
    public bool IsDraining { get; init; }

    /// <summary>The serving leader's entry; null while there is none.</summary>
    public NodeView? PrimaryNode => Primary is { } primary ? Nodes.FirstOrDefault(n => n.Name == primary) : null;
}
