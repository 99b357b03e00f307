namespace Matriarch.Simulation;

/// <summary>
/// A binary heap of what is due, by time, then by the order in which it was put in: the world's only clock.
/// </summary>
internal sealed class Agenda
{
    private Due[] _heap = new Due[1024];
    private int _count;
    private long _order;

    /// <summary>True time, in ticks of 100 ns.</summary>
    public long Now { get; private set; }

    public void Add(long at, Occasion what, int node, int epoch = 0, int number = 0, object? payload = null)
    {
        if (_count == _heap.Length)
        {
            Array.Resize(ref _heap, _count * 2);
        }

        var due = new Due(at < Now ? Now : at, _order++, what, node, epoch, number, payload);
        var i = _count++;
        while (i > 0)
        {
            var parent = (i - 1) / 2;
            if (!IsBefore(due, _heap[parent]))
            {
                break;
            }

            _heap[i] = _heap[parent];
            i = parent;
        }

        _heap[i] = due;
    }

    /// <summary>Takes the next thing and moves the clock to it; false when nothing is left.</summary>
    public bool TryTake(out Due due)
    {
        if (_count == 0)
        {
            due = default;
            return false;
        }

        due = _heap[0];
        Now = due.At;
        var last = _heap[--_count];
        _heap[_count] = default;
        if (_count > 0)
        {
            Sink(last);
        }

        return true;
    }

    private void Sink(Due moved)
    {
        var i = 0;
        while (true)
        {
            var child = (2 * i) + 1;
            if (child >= _count)
            {
                break;
            }

            if (child + 1 < _count && IsBefore(_heap[child + 1], _heap[child]))
            {
                child++;
            }

            if (!IsBefore(_heap[child], moved))
            {
                break;
            }

            _heap[i] = _heap[child];
            i = child;
        }

        _heap[i] = moved;
    }

    private static bool IsBefore(in Due a, in Due b) => a.At < b.At || (a.At == b.At && a.Order < b.Order);
}
