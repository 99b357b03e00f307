using System.Collections.Immutable;
using Matriarch.Consensus;
using Matriarch.Core;
using Matriarch.Topology;

namespace Matriarch.Agent;

/// <summary>
/// The nodes of the instance by the global store: it decides who is a member that only went silent, and who was
/// removed. While it cannot be used the store of the cell may tell where the others are (<see cref="Learn"/>).
/// </summary>
internal sealed class GlobalRegister(
    NodeId self, PeerDirectory peers, Func<NodeId, bool> isVoter, Action<ConsensusEvent> post) : INodeReader
{
    /// <summary>A node that is registered nowhere and silent for so long was removed.</summary>
    public static readonly TimeSpan RemovedSilence = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private ImmutableHashSet<NodeId>? _names;
    private string _knownPeers = "";

    /// <summary>The nodes that it names; null while the store cannot be used.</summary>
    public ImmutableHashSet<NodeId>? Names => Volatile.Read(ref _names);

    public Task ReadAsync(IReadOnlyList<NodeRecord> nodes, CancellationToken cancellation)
    {
        var names = nodes.Select(n => n.Name).ToImmutableHashSet();
        Volatile.Write(ref _names, names);
        peers.ForgetRemoved(names, isVoter, RemovedSilence);
        Learn(nodes);
        return Task.CompletedTask;
    }

    public void Lost() => Volatile.Write(ref _names, null);

    /// <summary>Takes where nodes are that have not been heard themselves.</summary>
    public void Learn(IReadOnlyList<NodeRecord> nodes)
    {
        foreach (var node in nodes)
        {
            if (node.Name != self)
            {
                peers.Registered(node.Name, FactsOf(node), node.Incarnation);
            }
        }

        lock (_lock)
        {
            var ids = peers.Ids;
            var text = string.Join(',', ids);
            if (text != _knownPeers)
            {
                _knownPeers = text;
                post(new ConsensusEvent.PeersKnown(ids));
            }
        }
    }

    private static NodeFacts FactsOf(NodeRecord node) => new(
        node.Cell, node.Host, node.Port, node.Api, node.Heartbeat, 0, null, NodeRole.Unknown, NodeState.Unreachable, 0,
        0, null,
        node.HasData, node.Observer, node.Tags, null);
}
