using Matriarch.Core;
using Matriarch.Gateway;
using Matriarch.Topology;

namespace Matriarch.Cli;

/// <summary>Gives a gateway the views that the topology store publishes: the two know each other only here.</summary>
internal sealed class StoredViews(ClusterViewWatcher watcher) : IClusterViewSource
{
    public ClusterView Current => watcher.Current;

    public IAsyncEnumerable<ClusterView> ChangesAsync(CancellationToken cancellation) =>
        watcher.WatchAsync(cancellation);
}
