using System.Collections.Immutable;
using Matriarch.Core;

namespace Matriarch.Topology;

/// <summary>
/// Makes the view of one instance from its records and the view of before. Pure. The rules:
/// <list type="number">
/// <item>Nothing older: while the store holds no leadership, or one below the last (term, revision), it was wiped or
/// restored from an old copy. The last view stays.</item>
/// <item>The primary is the leadership's, and only while its node says that it serves.</item>
/// <item>A primary whose node record is missing keeps the record of before: the store was wiped, and the node has not
/// registered again yet.</item>
/// <item>A node that says it serves but does not lead is dead or late: it is no primary and no replica.</item>
/// </list>
/// </summary>
internal static class ClusterViewComposer
{
    public static InstanceView Compose(
        string instance, LeadershipRecord? leadership, IEnumerable<NodeRecord> nodes, InstanceView? last)
    {
        if (last is not null && last.Term > Term.None
            && (leadership is null || leadership.IsOlderThan(last.Term, last.Revision)))
        {
            return last;
        }

        var leader = leadership?.Primary;
        var views = nodes.Select(n => ToView(n, leader)).ToDictionary(v => v.Name);
        if (leader is { } name && !views.ContainsKey(name)
            && last?.Nodes.FirstOrDefault(n => n.Name == name) is { } known)
        {
            views[name] = known;
        }

        var isServing = leader is { } primary && views.TryGetValue(primary, out var view)
            && view.Role == NodeRole.Primary;
        return new InstanceView(
            instance, leadership?.Term ?? Term.None, leadership?.Revision ?? 0, isServing ? leader : null,
            [.. views.Values.OrderBy(v => v.Name)]);
    }

    public static bool AreSame(InstanceView a, InstanceView b) =>
        ReferenceEquals(a, b)
        || (a.Name == b.Name && a.Term == b.Term && a.Revision == b.Revision && a.Primary == b.Primary
            && a.Nodes.AsSpan().SequenceEqual(b.Nodes.AsSpan(), NodeComparer.Instance));

    private static NodeView ToView(NodeRecord node, NodeId? leader)
    {
        var leads = node.Name == leader;
        var (role, state) = (leads, node.State) switch
        {
            (true, NodeState.Serving) => (NodeRole.Primary, node.State),
            (false, NodeState.Serving) => (NodeRole.Unknown, NodeState.Unreachable),
            (false, _) when node.Role == NodeRole.Replica => (NodeRole.Replica, node.State),
            _ => (NodeRole.Unknown, node.State),
        };
        return new NodeView(
            node.Name, node.Cell, role, state, node.Host, node.Port, node.LagBytes,
            node.Tags.IsDefault ? [] : node.Tags)
        {
            Api = node.Api,
        };
    }

    private sealed class NodeComparer : IEqualityComparer<NodeView>
    {
        public static readonly NodeComparer Instance = new();

        public bool Equals(NodeView? x, NodeView? y) =>
            x is not null && y is not null && x.Tags.AsSpan().SequenceEqual(y.Tags.AsSpan())
            && x with { Tags = ImmutableArray<string>.Empty } == y with { Tags = ImmutableArray<string>.Empty };

        public int GetHashCode(NodeView obj) => obj.Name.GetHashCode();
    }
}
