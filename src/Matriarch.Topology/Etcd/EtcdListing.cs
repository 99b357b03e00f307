namespace Matriarch.Topology;

/// <summary>Reads ranges in pages that are all of one revision.</summary>
internal sealed class EtcdListing(EtcdClient client, EtcdKeys keys)
{
    private const int PageSize = 128;
    private const int MostAttempts = 5;

    /// <summary>Entries with etcd's revisions, and the revision at which this is the whole truth.</summary>
    public sealed record Result(IReadOnlyList<(StoreEntry Entry, long ModRevision)> Entries, long Revision);

    /// <exception cref="EtcdFailure">It cannot be read.</exception>
    public async Task<Result> ReadAsync(StorePrefix prefix, ListRange range, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await ReadOnceAsync(prefix, range, cancellation);
            }
            catch (EtcdFailure e) when (e.IsOutOfRange && attempt < MostAttempts)
            {
                // Compacted between two pages: once more, at the present revision.
            }
        }
    }

    private async Task<Result> ReadOnceAsync(StorePrefix prefix, ListRange range, CancellationToken cancellation)
    {
        var (first, end) = keys.Values(prefix);
        if (range.After is { } after)
        {
            if (range.Descending)
            {
                end = Lower(end, keys.Value(after));
            }
            else
            {
                first = Higher(first, keys.Behind(after));
            }
        }

        var entries = new List<(StoreEntry, long)>();
        var limit = range.Limit > 0 ? range.Limit : int.MaxValue;
        long revision = 0;
        while (first.AsSpan().SequenceCompareTo(end) < 0)
        {
            var page = await client.RangeAsync(
                new EtcdMessages.RangeRequest(
                    first, end, Math.Min(PageSize, limit - entries.Count), revision,
                    range.Descending ? "DESCEND" : null, range.Descending ? "KEY" : null),
                cancellation);
            revision = revision > 0 ? revision : page.Header?.Revision ?? 0;
            var pairs = page.Kvs ?? [];
            foreach (var pair in pairs)
            {
                if (keys.Entry(pair) is { } entry)
                {
                    entries.Add((entry, pair.ModRevision));
                }
            }

            if (!page.More || pairs.Count == 0 || entries.Count >= limit)
            {
                break;
            }

            var last = pairs[^1].Key ?? [];
            (first, end) = range.Descending ? (first, last) : ([.. last, 0], end);
        }

        return new Result(entries, revision);
    }

    private static byte[] Lower(byte[] a, byte[] b) => a.AsSpan().SequenceCompareTo(b) < 0 ? a : b;

    private static byte[] Higher(byte[] a, byte[] b) => a.AsSpan().SequenceCompareTo(b) > 0 ? a : b;
}
