using Matriarch.Proxy;
using Matriarch.Wire;

namespace Matriarch.Gateway;

/// <summary>
/// One session from the moment a node was chosen for it. Until it relays, an end only cancels the attempt (nothing has
/// reached the client, which can be taken elsewhere); afterwards it is told to the client.
/// </summary>
internal sealed class GatewaySession : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _abandoned = new();
    private SessionRelay? _relay;
    private bool _over;
    private long _parkedBy;

    public GatewaySession(long id, RouteTarget target)
    {
        Id = id;
        Target = target;
        Abandoned = _abandoned.Token; // kept, because the source is disposed before late readers are done
    }

    public long Id { get; }

    public RouteTarget Target { get; }

    /// <summary>Cancelled when the node may not be used any more and nothing has been relayed.</summary>
    public CancellationToken Abandoned { get; }

    /// <summary>The key by which the client cancels, once known: that of the first backend it ever had.</summary>
    public CancelKey? Key { get; set; }

    /// <summary>The key of the present backend.</summary>
    public CancelKey? BackendKey { get; set; }

    /// <summary>Whether it is to be parked, and nothing but a moment is missing.</summary>
    public bool IsParkPending
    {
        get
        {
            lock (_lock)
            {
                return _relay?.IsParkPending ?? false;
            }
        }
    }

    /// <summary>Whether a cancel request must not be passed on now.</summary>
    public bool IsCommitting
    {
        get
        {
            lock (_lock)
            {
                return _relay?.IsCommitting ?? false;
            }
        }
    }

    /// <summary>From here on the client sees the server. False when the session was abandoned first.</summary>
    public bool TryRelay(SessionRelay relay)
    {
        lock (_lock)
        {
            if (_over)
            {
                return false;
            }

            _relay = relay;
            return true;
        }
    }

    /// <summary>Ends it because its node is not what it was.</summary>
    public void EndBecause(string why)
    {
        SessionRelay? relay;
        lock (_lock)
        {
            relay = _relay;
            if (relay is null && !_over)
            {
                _over = true;
                _abandoned.Cancel();
            }
        }

        relay?.End(ServerMessage.Fatal(
            SqlState.AdminShutdown, "terminating connection: " + why, hint: "Connect again."));
    }

    /// <summary>Parks it at its next transaction edge, or no longer; one that is not relayed yet is taken
    /// elsewhere.</summary>
    /// <param name="number">Of the view that wishes it: several are looked at at the same time, and the latest
    /// counts.</param>
    /// <param name="isWished">Whether it is to be parked.</param>
    public void Park(long number, bool isWished)
    {
        lock (_lock)
        {
            if (number < _parkedBy)
            {
                return;
            }

            _parkedBy = number;
            if (_relay is { } relay)
            {
                relay.Park(isWished);
            }
            else if (!_over && isWished)
            {
                _over = true;
                _abandoned.Cancel();
            }
        }
    }

    /// <summary>Ends it because the gateway stops.</summary>
    public void EndForStop(bool onlyIdle)
    {
        SessionRelay? relay;
        lock (_lock)
        {
            relay = _relay;
        }

        var reason = ServerMessage.Fatal(
            SqlState.AdminShutdown, "terminating connection: the gateway is shutting down", hint: "Connect again.");
        if (onlyIdle)
        {
            relay?.EndWhenIdle(reason);
        }
        else
        {
            relay?.End(reason);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _over = true;
            _abandoned.Dispose();
        }
    }
}
