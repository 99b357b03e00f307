namespace Matriarch.Topology.Tests;

/// <summary>Loses the replies of the next writes: they are applied (or not sent at all), and the caller hears
/// "unknown".</summary>
internal sealed class LostReplyStore(ITopologyStore inner) : ITopologyStore
{
    public int LoseAfterApplying { get; set; }

    public int LoseBeforeSending { get; set; }

    public Task<StoreEntry?> GetAsync(StoreKey key, CancellationToken cancellation) =>
        inner.GetAsync(key, cancellation);

    public Task<WriteResult> CompareAndSetAsync(
        StoreKey key, long expectedVersion, string value, CancellationToken cancellation) =>
        SendAsync(() => inner.CompareAndSetAsync(key, expectedVersion, value, cancellation));

    public Task<WriteResult> DeleteAsync(StoreKey key, long expectedVersion, CancellationToken cancellation) =>
        SendAsync(() => inner.DeleteAsync(key, expectedVersion, cancellation));

    public Task<IReadOnlyList<StoreEntry>> ListAsync(
        StorePrefix prefix, CancellationToken cancellation, ListRange range = default) =>
        inner.ListAsync(prefix, cancellation, range);

    public IAsyncEnumerable<ChangeSet> WatchAsync(StorePrefix prefix, CancellationToken cancellation) =>
        inner.WatchAsync(prefix, cancellation);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private async Task<WriteResult> SendAsync(Func<Task<WriteResult>> write)
    {
        if (LoseBeforeSending > 0)
        {
            LoseBeforeSending--;
            return new WriteResult.Unknown("lost on the way there");
        }

        var result = await write();
        if (LoseAfterApplying > 0)
        {
            LoseAfterApplying--;
            return new WriteResult.Unknown("lost on the way back");
        }

        return result;
    }
}
