using System.Globalization;
using System.Runtime.CompilerServices;

namespace Matriarch.Topology;

/// <summary>
/// The bounded story of an instance. An event is created at the highest id + 1 and only if nobody else was faster, so
/// ids have no gaps and become visible in order: a reader that remembers the last id it saw misses nothing. In an
/// empty (new or wiped) store ids begin at the Unix time in milliseconds, above all ids of before.
/// </summary>
internal sealed class EventJournal(ITopologyStore store, InstanceKeys keys)
{
    /// <summary>How many of the newest events are kept.</summary>
    public const int Kept = 1000;

    /// <summary>Every so many appends the surplus is deleted; up to so many more than <see cref="Kept"/> may
    /// exist.</summary>
    public const int PruneEvery = 50;

    private const int PruneAtMost = 4 * PruneEvery;
    private const int AppendAttempts = 64;
    private const string IdFormat = "D16";

    public async Task<EventRecord> AppendAsync(NewEvent happened, CancellationToken cancellation)
    {
        var key = keys.Event(IdOf(0));
        for (var attempt = 0; attempt < AppendAttempts; attempt++)
        {
            var newest = await store.ListAsync(keys.Events, cancellation, new ListRange(Limit: 1, Descending: true));
            var number = newest.Count > 0 ? NumberOf(newest[0]) + 1 : happened.At.ToUnixTimeMilliseconds();
            var id = IdOf(number);
            key = keys.Event(id);
            var record = new EventRecord(
                id, happened.At.ToUniversalTime(), keys.Instance, happened.Node, happened.Kind, happened.Severity,
                happened.Message, happened.Term, happened.Fact);
            var value = TopologyJson.Write(record, TopologyJson.Default.EventRecord);
            var result = await store.CompareAndSetAsync(key, 0, value, cancellation);
            if (result is WriteResult.Applied
                || (result is WriteResult.Unknown && (await store.GetAsync(key, cancellation))?.Value == value))
            {
                if (number % PruneEvery == 0)
                {
                    await PruneAsync(number, cancellation);
                }

                return record;
            }
        }

        throw InstanceDirectory.GivenUp(key);
    }

    public async Task<IReadOnlyList<EventRecord>> ListAsync(
        string? after, int limit, CancellationToken cancellation)
    {
        CheckLimit(limit);
        return Read(await store.ListAsync(keys.Events, cancellation, new ListRange(KeyAfter(after), limit)));
    }

    public async Task<IReadOnlyList<EventRecord>> ListNewestAsync(int limit, CancellationToken cancellation)
    {
        CheckLimit(limit);
        var newest = await store.ListAsync(keys.Events, cancellation, new ListRange(Limit: limit, Descending: true));
        return Read(newest.Reverse());
    }

    public async IAsyncEnumerable<EventRecord> WatchAsync(
        string? after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var last = KeyAfter(after)?.Name ?? "";
        await foreach (var changes in store.WatchAsync(keys.Events, cancellation))
        {
            var written = changes.Written.OrderBy(e => e.Key).ToList();
            if (changes.Kind == ChangeSetKind.Reset && written.Count > 0
                && string.CompareOrdinal(written[^1].Key.Name, last) < 0)
            {
                // Restored from an older copy: the next new event comes right behind this one.
                last = written[^1].Key.Name;
            }

            foreach (var record in Read(written.Where(e => string.CompareOrdinal(e.Key.Name, last) > 0)))
            {
                last = record.Id;
                yield return record;
            }
        }
    }

    /// <summary>Whether the text can be an event id.</summary>
    public static bool IsId(string? text) => text is { Length: 16 } && text.All(char.IsAsciiDigit);

    private static string IdOf(long number) => number.ToString(IdFormat, CultureInfo.InvariantCulture);

    private static long NumberOf(StoreEntry entry) =>
        IsId(entry.Key.Name)
            ? long.Parse(entry.Key.Name, NumberStyles.None, CultureInfo.InvariantCulture)
            : throw new StoreUnavailableException($"{entry.Key} is not the key of an event");

    private static void CheckLimit(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, Kept);
    }

    // An unreadable event (written by hand, or by a newer version) is left out: the story goes on without that line.
    private static List<EventRecord> Read(IEnumerable<StoreEntry> entries)
    {
        var records = new List<EventRecord>();
        foreach (var entry in entries)
        {
            if (TopologyJson.TryRead(entry, TopologyJson.Default.EventRecord, out var record, out _)
                && record.Id == entry.Key.Name)
            {
                records.Add(record);
            }
        }

        return records;
    }

    private StoreKey? KeyAfter(string? after) => after switch
    {
        null or "" => null,
        _ when IsId(after) => keys.Event(after),
        _ => throw new FormatException($"\"{after}\" is not an event id: 16 digits"),
    };

    // Several nodes may prune at once; whoever loses a race finds the entry gone, which is as good.
    private async Task PruneAsync(long newest, CancellationToken cancellation)
    {
        var oldest = await store.ListAsync(keys.Events, cancellation, new ListRange(Limit: PruneAtMost));
        foreach (var entry in oldest.Where(e => IsId(e.Key.Name) && NumberOf(e) <= newest - Kept))
        {
            await store.DeleteAsync(entry.Key, entry.Version, cancellation);
        }
    }
}
