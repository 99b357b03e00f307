namespace Matriarch.Topology;

/// <summary>
/// The store port: a small, strongly consistent key-value store for discovery and publication. Safety never depends on
/// it. A store object belongs to one cluster; it sees nothing of any other cluster in the same store.
/// <para>What every implementation promises, and the conformance kit checks:</para>
/// <list type="number">
/// <item>Reads are strongly consistent: they see every write that was answered <c>Applied</c> before they began.</item>
/// <item>A key's version changes with every write and is never given twice, not even after the key was deleted and
/// made again (etcd: the modification revision). Versions are opaque apart from equality; 0 means "no such
/// key".</item>
/// <item>A write whose reply was lost is answered <c>Unknown</c>, never <c>Applied</c>.</item>
/// <item>When the store cannot answer, methods throw <see cref="StoreUnavailableException"/>; then nothing was
/// written.</item>
/// </list>
/// </summary>
public interface ITopologyStore : IAsyncDisposable
{
    /// <summary>The entry of a key, or null when there is none.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    Task<StoreEntry?> GetAsync(StoreKey key, CancellationToken cancellation);

    /// <summary>Writes the value if the key's version is still the expected one.</summary>
    /// <param name="key">The key.</param>
    /// <param name="expectedVersion">The version last read; 0 = the key must not exist.</param>
    /// <param name="value">Small JSON: at most <see cref="StoreValue.MaxBytes"/> of UTF-8.</param>
    /// <param name="cancellation">A cancelled call may or may not have written: re-read.</param>
    /// <exception cref="ArgumentException">The value is too large or not valid Unicode.</exception>
    /// <exception cref="StoreUnavailableException">The store does not answer; nothing was written.</exception>
    Task<WriteResult> CompareAndSetAsync(
        StoreKey key, long expectedVersion, string value, CancellationToken cancellation);

    /// <summary>Deletes the key if its version is still the expected one (above 0).</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer; nothing was deleted.</exception>
    Task<WriteResult> DeleteAsync(StoreKey key, long expectedVersion, CancellationToken cancellation);

    /// <summary>The entries under a prefix in the order of their keys (ordinal), as of one moment.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    Task<IReadOnlyList<StoreEntry>> ListAsync(
        StorePrefix prefix, CancellationToken cancellation, ListRange range = default);

    /// <summary>
    /// Follows a prefix: first a snapshot, then changes, until cancelled. States in between may be merged, but the
    /// last state of every key is always delivered, in order. It never throws <see cref="StoreUnavailableException"/>:
    /// it waits out an outage and goes on, with a <see cref="ChangeSetKind.Reset"/> when it cannot tell what it
    /// missed. Nothing is queued: a slow reader gets fewer, larger change sets.
    /// </summary>
    IAsyncEnumerable<ChangeSet> WatchAsync(StorePrefix prefix, CancellationToken cancellation);
}
