using Microsoft.Extensions.Logging;

namespace Matriarch.Topology;

/// <summary>The store in one SQLite file that the processes of one machine share.</summary>
public sealed class EmbeddedStore : ITopologyStore
{
    internal static EmbeddedStore Open(string path, string cluster, TimeProvider time, ILogger<EmbeddedStore> logger) =>
        throw new NotSupportedException($"{path} {cluster} {time} {logger}");

    public Task<StoreEntry?> GetAsync(StoreKey key, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<WriteResult> CompareAndSetAsync(
        StoreKey key, long expectedVersion, string value, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<WriteResult> DeleteAsync(StoreKey key, long expectedVersion, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<StoreEntry>> ListAsync(
        StorePrefix prefix, CancellationToken cancellation, ListRange range = default) => throw new NotSupportedException();

    public IAsyncEnumerable<ChangeSet> WatchAsync(StorePrefix prefix, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
