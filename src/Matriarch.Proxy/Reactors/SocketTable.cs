namespace Matriarch.Proxy;

/// <summary>
/// The sockets of a reactor by a word that an epoll can carry: their place, and how often the place was taken. An event
/// that was fetched before its socket was closed finds nobody, even where another has the place by then.
/// </summary>
internal sealed class SocketTable
{
    private const int PlaceBits = 32;

    private readonly Stack<uint> _free = new();
    private (ReactorSocket? Socket, uint Turn)[] _places = new (ReactorSocket?, uint)[64];
    private uint _used;
    private int _count;

    /// <summary>How many there are.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Gives a socket a place, and its word.</summary>
    public ulong Add(ReactorSocket socket)
    {
        if (!_free.TryPop(out var place))
        {
            place = _used++;
            if (place == _places.Length)
            {
                Array.Resize(ref _places, _places.Length * 2);
            }
        }

        _places[place].Socket = socket;
        socket.Slot = place;
        Volatile.Write(ref _count, _count + 1);
        return ((ulong)_places[place].Turn << PlaceBits) | place;
    }

    /// <summary>Takes its place away; words of it find nobody from now on.</summary>
    public void Remove(ReactorSocket socket)
    {
        ref var place = ref _places[socket.Slot];
        Core.Invariant.Holds(place.Socket == socket, "a socket that is removed has its place");
        place.Socket = null;
        place.Turn++;
        _free.Push(socket.Slot);
        Volatile.Write(ref _count, _count - 1);
    }

    /// <summary>Who has that word; null when it is of the past.</summary>
    public ReactorSocket? Find(ulong word)
    {
        ref var place = ref _places[(uint)word];
        return place.Turn == (uint)(word >> PlaceBits) ? place.Socket : null;
    }
}
