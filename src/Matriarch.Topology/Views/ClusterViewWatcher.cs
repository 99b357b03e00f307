using Matriarch.Core;
using Microsoft.Extensions.Logging;

namespace Matriarch.Topology;

/// <summary>Follows the store and publishes the cluster view.</summary>
public sealed class ClusterViewWatcher(ITopologyStore store, ILogger<ClusterViewWatcher> logger)
{
    /// <summary>The newest view; <see cref="ClusterView.Empty"/> before the first. Safe to read from any thread.</summary>
    public ClusterView Current { get; private set; } = ClusterView.Empty;

    /// <summary>Called with each new view, in order, on the thread of the watcher: return quickly.</summary>
    public event Action<ClusterView>? Changed;

    /// <summary>Follows the store until cancelled.</summary>
    public Task RunAsync(CancellationToken cancellation) => throw new NotSupportedException($"{store}{logger}{Changed is null}");

    /// <summary>The current view, then each newer one; views in between may be left out for a slow reader.</summary>
    public IAsyncEnumerable<ClusterView> WatchAsync(CancellationToken cancellation) => throw new NotSupportedException();
}
