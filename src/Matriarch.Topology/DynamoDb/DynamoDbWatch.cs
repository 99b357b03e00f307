using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace Matriarch.Topology;

/// <summary>
/// Compares a prefix with what it was. A look reads one small item, the head; everything is read only when a write
/// was begun since the last look or not long before it, and from time to time: a write may take effect after the
/// look that has seen it begin.
/// </summary>
internal sealed partial class DynamoDbWatch(
    DynamoDbTable table, StorePrefix prefix, RemoteTimings timings, TimeProvider time, ILogger logger)
{
    private readonly Dictionary<StoreKey, long> _known = [];
    private DynamoDbItems.Head _head;
    private bool _hasLooked;
    private long _lastFull;
    private long _lastChange;
    private bool _isInterrupted;

    /// <summary>The changes since the last look; null when there are none.</summary>
    public async Task<ChangeSet?> PollAsync(CancellationToken cancellation)
    {
        var head = await table.HeadAsync(cancellation);
        if (_hasLooked && head == _head
            && time.GetElapsedTime(_lastFull) < timings.FullPoll && time.GetElapsedTime(_lastChange) > timings.Request)
        {
            return null;
        }

        var began = time.GetTimestamp();
        var entries = await table.ListAsync(prefix, default, cancellation);
        var kind = !_hasLooked ? ChangeSetKind.Snapshot
            : head.Revision < _head.Revision || (head.Born != _head.Born && _head.Born != 0) ? ChangeSetKind.Reset
            : ChangeSetKind.Delta;
        if (head != _head)
        {
            _lastChange = began;
        }

        (_head, _hasLooked, _lastFull) = (head, true, began);
        var changes = Compare(kind, entries);
        return kind == ChangeSetKind.Delta && changes.Written.IsEmpty && changes.Deleted.IsEmpty ? null : changes;
    }

    public void NoteOutage(string reason)
    {
        if (!_isInterrupted)
        {
            LogInterrupted(logger, prefix.Value, reason);
        }

        _isInterrupted = true;
    }

    public void NoteReached()
    {
        if (_isInterrupted)
        {
            LogGoesOn(logger, prefix.Value);
        }

        _isInterrupted = false;
    }

    private ChangeSet Compare(ChangeSetKind kind, IReadOnlyList<(StoreEntry Entry, long Revision)> entries)
    {
        if (kind != ChangeSetKind.Delta)
        {
            _known.Clear();
        }

        var gone = _known.Keys.ToHashSet();
        gone.ExceptWith(entries.Select(e => e.Entry.Key));
        var written = entries
            .Where(e => _known.GetValueOrDefault(e.Entry.Key) != e.Entry.Version)
            .OrderBy(e => e.Revision)
            .Select(e => e.Entry)
            .ToImmutableArray();
        foreach (var key in gone)
        {
            _known.Remove(key);
        }

        foreach (var entry in written)
        {
            _known[entry.Key] = entry.Version;
        }

        return new ChangeSet(kind, written, [.. gone]);
    }
}
