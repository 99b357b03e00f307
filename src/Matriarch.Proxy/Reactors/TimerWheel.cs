using System.Numerics;

namespace Matriarch.Proxy;

/// <summary>
/// Timers of one reactor: to set and to take back costs the same whether there are ten or ten thousand, and nothing is
/// allocated. A timer comes up to one <see cref="Tick"/> late, never early. Varghese and Lauck, "Hashed and
/// Hierarchical Timing Wheels" (1987), scheme 6: a timer beyond one turn of the wheel is looked at once each turn.
/// </summary>
internal sealed class TimerWheel
{
    /// <summary>How exactly timers come.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    private const int Slots = 512;
    private const int Mask = Slots - 1;
    private const int BitsPerWord = 64;

    private readonly ReactorTimer?[] _slots = new ReactorTimer?[Slots];
    private readonly ulong[] _filled = new ulong[Slots / BitsPerWord];
    private readonly List<ReactorTimer> _due = [];
    private long _tick; // all before it have come

    /// <summary>How many are set.</summary>
    public int Count { get; private set; }

    /// <summary>Sets a timer, or sets it anew.</summary>
    /// <param name="timer">Of this wheel's reactor.</param>
    /// <param name="due">On the reactor's clock; the past comes with the next <see cref="Advance"/>.</param>
    public void Set(ReactorTimer timer, TimeSpan due)
    {
        Remove(timer);
        // Rounded up: the tick that contains it has not passed whole when it is due.
        timer.DueTick = Math.Max((due.Ticks + Tick.Ticks - 1) / Tick.Ticks, _tick);
        Insert(timer);
        Count++;
    }

    /// <summary>Takes a timer back; one that is not set stays so.</summary>
    public void Remove(ReactorTimer timer)
    {
        if (!timer.IsSet)
        {
            return;
        }

        if (timer.DueTick != ReactorTimer.Calling)
        {
            Unlink(timer);
        }

        timer.DueTick = ReactorTimer.NotSet;
        Count--;
    }

    /// <summary>How long until something may be due: at most one turn of the wheel; null without timers.</summary>
    public TimeSpan? UntilNext(TimeSpan now)
    {
        if (Count == 0)
        {
            return null;
        }

        for (var i = 0; i < Slots;)
        {
            var slot = (int)((_tick + i) & Mask);
            var rest = _filled[slot / BitsPerWord] >> (slot % BitsPerWord);
            if (rest != 0)
            {
                var due = (_tick + i + BitOperations.TrailingZeroCount(rest)) * Tick;
                return due > now ? due - now : TimeSpan.Zero;
            }

            i += BitsPerWord - (slot % BitsPerWord);
        }

        return TimeSpan.Zero;
    }

    /// <summary>Calls every timer that is due. A callback may set and remove timers, its own too.</summary>
    public void Advance(TimeSpan now)
    {
        var last = now.Ticks / Tick.Ticks;
        if (last - _tick >= Slots)
        {
            _tick = last - Mask; // every slot once is enough
        }

        while (_tick <= last)
        {
            var slot = (int)(_tick & Mask);
            var at = _tick++; // what a callback sets for now comes with the next tick
            Call(slot, at, last);
        }
    }

    private void Call(int slot, long at, long last)
    {
        // Off the wheel first: a callback may change any list, and set or remove others that are due.
        for (var timer = _slots[slot]; timer is not null;)
        {
            var next = timer.Next;
            if (timer.DueTick <= Math.Max(at, last))
            {
                Unlink(timer);
                timer.DueTick = ReactorTimer.Calling;
                _due.Add(timer);
            }

            timer = next;
        }

        for (var i = _due.Count - 1; i >= 0; i--) // the list of a slot begins with the one set last
        {
            if (_due[i] is { DueTick: ReactorTimer.Calling } timer)
            {
                timer.DueTick = ReactorTimer.NotSet;
                Count--;
                timer.Callback();
            }
        }

        _due.Clear();
    }

    private void Insert(ReactorTimer timer)
    {
        var slot = (int)(timer.DueTick & Mask);
        timer.Next = _slots[slot];
        if (timer.Next is { } next)
        {
            next.Previous = timer;
        }

        _slots[slot] = timer;
        _filled[slot / BitsPerWord] |= 1UL << (slot % BitsPerWord);
    }

    private void Unlink(ReactorTimer timer)
    {
        if (timer.Previous is { } previous)
        {
            previous.Next = timer.Next;
        }
        else
        {
            var slot = (int)(timer.DueTick & Mask);
            _slots[slot] = timer.Next;
            if (timer.Next is null)
            {
                _filled[slot / BitsPerWord] &= ~(1UL << (slot % BitsPerWord));
            }
        }

        if (timer.Next is { } next)
        {
            next.Previous = timer.Previous;
        }

        timer.Next = timer.Previous = null;
    }
}
