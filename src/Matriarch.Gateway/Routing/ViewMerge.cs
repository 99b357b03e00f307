using System.Collections.Immutable;
using Matriarch.Client;
using Matriarch.Core;

namespace Matriarch.Gateway;

/// <summary>
/// Makes one view of what the store holds and of what an agent said. Pure. The rules:
/// <list type="number">
/// <item>The higher (term, revision) wins, wherever it comes from.</item>
/// <item>Of the same leadership the leader's own word is the newest while its agent is being heard: the store only
/// repeats it. Once it is not heard any more, the later of the two wins.</item>
/// <item>Nodes come from the source that wins, and those that only the other knows stay.</item>
/// </list>
/// </summary>
internal static class ViewMerge
{
    /// <param name="instance">The instance's name.</param>
    /// <param name="store">The newest view of the store; null before the first.</param>
    /// <param name="word">The newest word of an agent; null before the first.</param>
    /// <param name="isHeard">Whether the leader that gave the word is being heard.</param>
    /// <param name="isStoreLater">Whether the store's view came after the word.</param>
    public static InstanceView? Merge(
        string instance, InstanceView? store, LeadershipWord? word, bool isHeard, bool isStoreLater)
    {
        if (word is null)
        {
            return store;
        }

        var order = store is null ? 1 : (word.Term, word.Revision).CompareTo((store.Term, store.Revision));
        return order < 0 || (order == 0 && isStoreLater && !(word.IsOwn && isHeard))
            ? store
            : ViewOf(instance, word, store, isHeard);
    }

    private static InstanceView ViewOf(string instance, LeadershipWord word, InstanceView? store, bool isHeard)
    {
        // While the leader is not heard, what it said of the others is old: then the store may know better.
        var known = store?.Nodes ?? [];
        var (first, second) = isHeard && word.IsOwn ? (word.Nodes, known) : (known, word.Nodes);
        var nodes = new SortedDictionary<NodeId, NodeView>();
        foreach (var node in first.Concat(second))
        {
            nodes.TryAdd(node.Name, node);
        }

        var leader = word.Nodes.First(n => n.Name == word.Leader);
        nodes[word.Leader] = word.IsServing
            ? leader with { Role = NodeRole.Primary, State = NodeState.Serving }
            : leader with { Role = NodeRole.Unknown };
        return new InstanceView(
            instance, word.Term, word.Revision, word.IsServing ? word.Leader : null,
            [.. nodes.Values.Select(n => n.Name == word.Leader ? n : AsOther(n))])
        {
            IsDraining = word.Phase == ServicePhase.Draining,
        };
    }

    /// <summary>A node that says it serves but does not lead is late.</summary>
    private static NodeView AsOther(NodeView node) =>
        node.Role == NodeRole.Primary || node.State == NodeState.Serving
            ? node with { Role = NodeRole.Unknown, State = NodeState.Unreachable }
            : node;

    /// <summary>Whether two views say the same.</summary>
    public static bool AreSame(InstanceView? a, InstanceView? b) =>
        ReferenceEquals(a, b)
        || (a is not null && b is not null
            && a with { Nodes = ImmutableArray<NodeView>.Empty } == b with { Nodes = ImmutableArray<NodeView>.Empty }
            && a.Nodes.Length == b.Nodes.Length
            && a.Nodes.Zip(b.Nodes).All(p => AreSame(p.First, p.Second)));

    private static bool AreSame(NodeView a, NodeView b) =>
        a with { Tags = [] } == b with { Tags = [] } && TagsOf(a).SequenceEqual(TagsOf(b), StringComparer.Ordinal);

    private static ImmutableArray<string> TagsOf(NodeView node) => node.Tags.IsDefault ? [] : node.Tags;
}
