using Matriarch.Core;

namespace Matriarch.Gateway;

/// <summary>
/// Where the gateway learns what the cluster looks like. A source may deliver late, twice or out of order: the gateway
/// itself never goes back in (term, revision).
/// </summary>
public interface IClusterViewSource
{
    /// <summary>The newest known view; <see cref="ClusterView.Empty"/> before the first. Does not block.</summary>
    ClusterView Current { get; }

    /// <summary>
    /// The newest view after each change, until cancelled; a slow reader may miss those between. A source that cannot
    /// reach its store keeps its last view and stays silent: that must stop no traffic.
    /// </summary>
    IAsyncEnumerable<ClusterView> ChangesAsync(CancellationToken cancellation);
}
