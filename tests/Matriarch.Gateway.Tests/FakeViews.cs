using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Matriarch.Core;

namespace Matriarch.Gateway.Tests;

/// <summary>Cluster views that a test publishes by hand.</summary>
internal sealed class FakeViews : IClusterViewSource
{
    private readonly Channel<ClusterView> _changes = Channel.CreateUnbounded<ClusterView>();

    public ClusterView Current { get; private set; } = ClusterView.Empty;

    /// <summary>A node of a view.</summary>
    public static NodeView Node(
        string name, int port, NodeRole role, NodeState? state = null, long? lag = 0, params string[] tags) => new(
            new NodeId(name), "cell_" + name, role,
            state ?? (role == NodeRole.Primary ? NodeState.Serving : NodeState.Streaming), "127.0.0.1", port, lag,
            [.. tags]);

    /// <summary>An instance of a view; its primary is the node with that role.</summary>
    public static InstanceView Instance(uint term, int revision, params NodeView[] nodes) => new(
        "main", new Term(term), revision, nodes.FirstOrDefault(n => n.Role == NodeRole.Primary)?.Name, [.. nodes]);

    public void Publish(uint term, params NodeView[] nodes) => Publish(Instance(term, 0, nodes));

    public void Publish(InstanceView instance)
    {
        Current = new ClusterView(
            Current.Version + 1, ImmutableSortedDictionary<string, InstanceView>.Empty.Add(instance.Name, instance));
        _changes.Writer.TryWrite(Current);
    }

    public async IAsyncEnumerable<ClusterView> ChangesAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var view in _changes.Reader.ReadAllAsync(cancellation))
        {
            yield return view;
        }
    }
}
