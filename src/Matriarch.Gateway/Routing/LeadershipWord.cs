using System.Collections.Immutable;
using Matriarch.Client;
using Matriarch.Core;

namespace Matriarch.Gateway;

/// <summary>What an agent said of a leadership.</summary>
/// <param name="Term">The term.</param>
/// <param name="Revision">The rule's revision within the term.</param>
/// <param name="Leader">Who leads it.</param>
/// <param name="Phase">How far it is; never <see cref="ServicePhase.Unknown"/>.</param>
/// <param name="IsOwn">The leader itself said so.</param>
/// <param name="Process">The process that said so.</param>
/// <param name="Version">Grows with each word of one process.</param>
/// <param name="Nodes">All nodes that the agent knows.</param>
internal sealed record LeadershipWord(
    Term Term, int Revision, NodeId Leader, ServicePhase Phase, bool IsOwn, string Process, long Version,
    ImmutableArray<NodeView> Nodes)
{
    /// <summary>Longest list of nodes that is taken.</summary>
    private const int MostNodes = 256;

    /// <summary>Whether the leader serves clients.</summary>
    public bool IsServing => Phase is ServicePhase.Serving or ServicePhase.Draining;

    /// <summary>
    /// Reads a document; null when it says nothing of a leadership, or is malformed. Others than the leader are only
    /// believed that somebody serves: that nobody does is for the leader to say.
    /// </summary>
    public static LeadershipWord? From(LeadershipDocument document)
    {
        if (document.Leader is not { } leader || !NodeId.IsValid(leader) || document.Term is < 1 or > uint.MaxValue
            || document.Phase == ServicePhase.Unknown || document.Nodes.Count > MostNodes)
        {
            return null;
        }

        var nodes = NodesOf(document);
        var word = new LeadershipWord(
            new Term((uint)document.Term), document.Revision, new NodeId(leader), document.Phase, document.IsOwnWord,
            document.Process, document.Version, nodes);
        return (word.IsOwn || word.IsServing) && nodes.Any(n => n.Name == word.Leader) ? word : null;
    }

    /// <summary>The nodes of a document that have a valid name and address, whatever else it says.</summary>
    public static ImmutableArray<NodeView> NodesOf(LeadershipDocument document) =>
    [
        .. document.Nodes.Take(MostNodes)
            .Where(n => NodeId.IsValid(n.Name) && n.Port is > 0 and <= 65535 && n.Host.Length > 0)
            .Select(n => new NodeView(
                new NodeId(n.Name), n.Cell, n.Role, n.State, n.Host, n.Port, n.LagBytes, [.. n.Tags])
            {
                Api = n.Api,
            }),
    ];
}
