using System.Collections.Immutable;

namespace Matriarch.Chaos;

/// <summary>Writes down what clients hear, on one monotonic clock. Safe for any thread.</summary>
internal sealed class Recorder(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly long _startedAt = time.GetTimestamp();
    private readonly List<Write> _writes = [];
    private readonly List<Read> _reads = [];
    private readonly List<string> _errors = [];
    private List<TimeSpan> _acknowledgedAt = [];
    private long _lastId;

    /// <summary>The time on the clock of the history.</summary>
    public TimeSpan Now => time.GetElapsedTime(_startedAt);

    /// <summary>The highest id that was given away.</summary>
    public long LastId => Interlocked.Read(ref _lastId);

    /// <summary>Ids that nobody else has.</summary>
    /// <returns>The first of them.</returns>
    public long Take(int count) => Interlocked.Add(ref _lastId, count) - count + 1;

    /// <summary>A write has ended, one way or another.</summary>
    public void Add(Write write)
    {
        lock (_lock)
        {
            _writes.Add(write);
            if (write.Outcome == Outcome.Acknowledged)
            {
                _acknowledgedAt.Add(write.Completed);
            }
            else if (write.Error is not null)
            {
                _errors.Add(write.Error);
            }
        }
    }

    /// <summary>A read was answered.</summary>
    public void Add(Read read)
    {
        lock (_lock)
        {
            _reads.Add(read);
        }
    }

    /// <summary>How many writes were acknowledged that had begun after a time.</summary>
    public int AcknowledgedSince(TimeSpan from)
    {
        lock (_lock)
        {
            return _writes.Count(w => w.Outcome == Outcome.Acknowledged && w.Invoked >= from);
        }
    }

    /// <summary>The longest time without an acknowledgement that reaches into the time since then.</summary>
    public TimeSpan LongestGapSince(TimeSpan from)
    {
        lock (_lock)
        {
            var times = _acknowledgedAt.Order().Append(Now).ToList();
            return times.Zip(times.Skip(1)).Where(p => p.Second >= from).Select(p => p.Second - p.First)
                .DefaultIfEmpty(TimeSpan.Zero).Max();
        }
    }

    /// <summary>Takes out all that was written down since the last time.</summary>
    public (ImmutableArray<Write> Writes, ImmutableArray<Read> Reads, IReadOnlyDictionary<string, int> Errors) Cut()
    {
        lock (_lock)
        {
            var errors = _errors.GroupBy(e => e).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
            var cut = (_writes.ToImmutableArray(), _reads.ToImmutableArray(), errors);
            _writes.Clear();
            _reads.Clear();
            _errors.Clear();
            _acknowledgedAt = [.. _acknowledgedAt.Order().TakeLast(1)];
            return cut;
        }
    }
}
