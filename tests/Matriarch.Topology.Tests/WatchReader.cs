namespace Matriarch.Topology.Tests;

/// <summary>Reads a watch in the background and folds it into what a consumer would know.</summary>
internal sealed class WatchReader : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<ChangeSet> _sets = [];
    private readonly Dictionary<string, string> _known = new(StringComparer.Ordinal);
    private readonly Task _reading;

    public WatchReader(ITopologyStore store, string prefix)
    {
        _reading = ReadAsync(store, new StorePrefix(prefix));
    }

    public List<ChangeSet> Sets
    {
        get
        {
            lock (_lock)
            {
                return [.. _sets];
            }
        }
    }

    public string? Value(string key)
    {
        lock (_lock)
        {
            return _known.GetValueOrDefault(key);
        }
    }

    public Task SeesAsync(string key, string? value) => Eventually.HoldsAsync(
        $"the watch sees {key} = {value ?? "nothing"}", () => Sets.Count > 0 && Value(key) == value);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _reading;
        }
        catch (OperationCanceledException)
        {
            // That is how a watch ends.
        }

        _stop.Dispose();
    }

    private async Task ReadAsync(ITopologyStore store, StorePrefix prefix)
    {
        await foreach (var set in store.WatchAsync(prefix, _stop.Token))
        {
            lock (_lock)
            {
                _sets.Add(set);
                if (set.IsComplete)
                {
                    _known.Clear();
                }

                foreach (var entry in set.Written)
                {
                    _known[entry.Key.Value] = entry.Value;
                }

                foreach (var key in set.Deleted)
                {
                    _known.Remove(key.Value);
                }
            }
        }
    }
}
