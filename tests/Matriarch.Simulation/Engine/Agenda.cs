namespace Matriarch.Simulation;

/// <summary>
/// A binary heap of what is due, by time, then by the order in which it was put in: the world's only clock. The heap
/// holds small keys without references, what they stand for stays where it was put: moving them is most of the work.
/// </summary>
internal sealed class Agenda
{
    private const int SlotBits = 20;
    private (long At, long OrderAndSlot)[] _heap = new (long, long)[256];
    private Due[] _dues = new Due[256];
    private int[] _free = new int[256];
    private int _freeCount;
    private int _used;
    private int _count;
    private long _order;

    /// <summary>True time, in ticks of 100 ns.</summary>
    public long Now { get; private set; }

    public void Add(long at, Occasion what, int node, int epoch = 0, int number = 0, object? payload = null)
    {
        if (_count == _heap.Length)
        {
            Array.Resize(ref _heap, _count * 2);
            Array.Resize(ref _dues, _count * 2);
            Array.Resize(ref _free, _count * 2);
        }

        var slot = _freeCount > 0 ? _free[--_freeCount] : _used++;
        _dues[slot] = new Due(what, node, epoch, number, payload);
        var key = (At: at < Now ? Now : at, OrderAndSlot: (_order++ << SlotBits) | (uint)slot);
        var heap = _heap;
        var i = _count++;
        while (i > 0)
        {
            var parent = (i - 1) / 2;
            if (!IsBefore(key, heap[parent]))
            {
                break;
            }

            heap[i] = heap[parent];
            i = parent;
        }

        heap[i] = key;
    }

    /// <summary>Takes the next thing and moves the clock to it; false when nothing is left.</summary>
    public bool TryTake(out Due due)
    {
        if (_count == 0)
        {
            due = default;
            return false;
        }

        var (at, orderAndSlot) = _heap[0];
        Now = at;
        var slot = (int)(orderAndSlot & ((1 << SlotBits) - 1));
        due = _dues[slot];
        _dues[slot] = default;
        _free[_freeCount++] = slot;
        var last = _heap[--_count];
        if (_count > 0)
        {
            Sink(last);
        }

        return true;
    }

    private void Sink((long At, long OrderAndSlot) moved)
    {
        var heap = _heap;
        var i = 0;
        while (true)
        {
            var child = (2 * i) + 1;
            if (child >= _count)
            {
                break;
            }

            if (child + 1 < _count && IsBefore(heap[child + 1], heap[child]))
            {
                child++;
            }

            if (!IsBefore(heap[child], moved))
            {
                break;
            }

            heap[i] = heap[child];
            i = child;
        }

        heap[i] = moved;
    }

    private static bool IsBefore((long At, long OrderAndSlot) a, (long At, long OrderAndSlot) b) =>
        a.At < b.At || (a.At == b.At && a.OrderAndSlot < b.OrderAndSlot);
}
