using Matriarch.Wire;

namespace Matriarch.Proxy;

/// <summary>
/// Clients that wait for a server connection, first come, first served. All wait equally long at most, so one timer for
/// the first of them is enough.
/// </summary>
internal sealed class WaitingLine
{
    private readonly LinkedList<(PooledClient Client, TimeSpan Until)> _line = new();
    private readonly Dictionary<PooledClient, LinkedListNode<(PooledClient Client, TimeSpan Until)>> _places = [];
    private readonly Reactor _reactor;
    private readonly TimeSpan _timeout;
    private readonly Func<ServerMessage> _tellWhy;
    private readonly ReactorTimer _timer;

    public WaitingLine(Reactor reactor, TimeSpan timeout, Func<ServerMessage> tellWhy)
    {
        (_reactor, _timeout, _tellWhy) = (reactor, timeout, tellWhy);
        _timer = new ReactorTimer(Expire);
    }

    /// <summary>How many wait.</summary>
    public int Count => _line.Count;

    /// <summary>Behind all others.</summary>
    public void Add(PooledClient client)
    {
        _places[client] = _line.AddLast((client, _reactor.Now + _timeout));
        if (!_timer.IsSet)
        {
            _reactor.Timers.Set(_timer, _line.First!.Value.Until);
        }
    }

    /// <summary>The first of them; null when nobody waits.</summary>
    public PooledClient? TryTake()
    {
        if (_line.First is not { Value.Client: var client })
        {
            return null;
        }

        Remove(client);
        return client;
    }

    /// <summary>It waits no more.</summary>
    public void Remove(PooledClient client)
    {
        if (_places.Remove(client, out var place))
        {
            _line.Remove(place);
        }
    }

    private void Expire()
    {
        while (_line.First is { Value: var (client, until) } && until <= _reactor.Now)
        {
            Remove(client);
            client.Refuse(_tellWhy());
        }

        if (_line.First is { Value.Until: var next })
        {
            _reactor.Timers.Set(_timer, next);
        }
    }
}
