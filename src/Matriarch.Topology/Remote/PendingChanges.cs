using System.Collections.Immutable;

namespace Matriarch.Topology;

/// <summary>
/// What a watch has heard and its reader has not taken: only the last state of each key, so that it is bounded by the
/// number of keys however slow the reader is.
/// </summary>
internal sealed class PendingChanges
{
    /// <summary>More deletions than this are not kept: the watch starts over instead.</summary>
    public const int MostDeletions = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<StoreKey, (long Order, StoreEntry Entry)> _written = [];
    private readonly HashSet<StoreKey> _deleted = [];
    private TaskCompletionSource _some = NewSignal();
    private long _order;
    private bool _isComplete;
    private bool _hasTaken;

    /// <summary>Everything again: the entries, oldest write first.</summary>
    public void StartOver(IEnumerable<StoreEntry> entries)
    {
        lock (_lock)
        {
            _isComplete = true;
            _written.Clear();
            _deleted.Clear();
            foreach (var entry in entries)
            {
                _written[entry.Key] = (++_order, entry);
            }

            _some.TrySetResult();
        }
    }

    public void Write(StoreEntry entry)
    {
        lock (_lock)
        {
            _deleted.Remove(entry.Key);
            _written[entry.Key] = (++_order, entry);
            _some.TrySetResult();
        }
    }

    /// <summary>False when there are too many: start over.</summary>
    public bool TryDelete(StoreKey key)
    {
        lock (_lock)
        {
            _written.Remove(key);
            if (!_isComplete)
            {
                _deleted.Add(key);
            }

            _some.TrySetResult();
            return _deleted.Count <= MostDeletions;
        }
    }

    /// <summary>Waits until there is something, and takes all of it.</summary>
    public async Task<ChangeSet> TakeAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Task some;
            lock (_lock)
            {
                some = _some.Task;
            }

            await some.WaitAsync(cancellation);
            lock (_lock)
            {
                if (!_some.Task.IsCompleted)
                {
                    continue;
                }

                var kind = !_isComplete ? ChangeSetKind.Delta
                    : _hasTaken ? ChangeSetKind.Reset
                    : ChangeSetKind.Snapshot;
                var written = _written.Values.OrderBy(w => w.Order).Select(w => w.Entry).ToImmutableArray();
                var set = new ChangeSet(kind, written, [.. _deleted]);
                _written.Clear();
                _deleted.Clear();
                (_isComplete, _hasTaken, _some) = (false, true, NewSignal());
                return set;
            }
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
