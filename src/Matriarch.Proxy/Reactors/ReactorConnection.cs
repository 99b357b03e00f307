namespace Matriarch.Proxy;

/// <summary>
/// A connection in one of two ways of working: awaited, for what happens once in its life (login, the replay of a
/// session's state), and relayed, for what happens with every message, where <see cref="OnRelay"/> is called and
/// nothing is awaited.
/// </summary>
internal abstract class ReactorConnection : ReactorSocket
{
    private readonly Readiness _readable = new();
    private readonly Readiness _writable = new();
    private readonly ReactorTimer _deadline;

    protected ReactorConnection(Reactor reactor)
        : base(reactor) => _deadline = new ReactorTimer(() => Break(timedOut: true));

    /// <summary>Whether the connection was broken off because its deadline passed.</summary>
    public bool IsTimedOut { get; private set; }

    /// <summary>Breaks the connection off when that much time has passed, and whoever awaits it finds it
    /// lost.</summary>
    public void SetDeadline(TimeSpan after) => Reactor.Set(_deadline, after);

    /// <summary>Takes the deadline back.</summary>
    public void ClearDeadline() => Reactor.Timers.Remove(_deadline);

    /// <summary>Closes it at once; who awaits it goes on and finds it lost, else <see cref="OnBroken"/> is
    /// called.</summary>
    public void Break(bool timedOut = false)
    {
        var wasOpen = IsOpen;
        IsTimedOut |= timedOut;
        ClearDeadline();
        Close();
        var isAwaited = _readable.Signal() | _writable.Signal();
        if (wasOpen && !isAwaited)
        {
            OnBroken();
        }
    }

    public override void Abandon() => Break();

    /// <summary>Bytes received, 0 at the end, or <see cref="SocketCalls.Lost"/>.</summary>
    public async ValueTask<int> ReceiveAsync(Memory<byte> to)
    {
        while (true)
        {
            var count = Receive(to.Span);
            if (count != SocketCalls.WouldBlock)
            {
                return count;
            }

            await _readable.WaitAsync();
        }
    }

    /// <summary>Sends all; false when the connection is lost.</summary>
    public async ValueTask<bool> SendAllAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var count = Send(bytes.Span);
            if (count == SocketCalls.Lost)
            {
                return false;
            }

            bytes = bytes[count..];
            if (!bytes.IsEmpty && !IsWritable)
            {
                await _writable.WaitAsync();
            }
        }

        return IsOpen;
    }

    /// <summary>Waits until a connection that was begun is there; false when it came to nothing.</summary>
    public async ValueTask<bool> ConnectedAsync()
    {
        while (IsOpen && !IsWritable)
        {
            await _writable.WaitAsync();
        }

        return TakeError() == System.Net.Sockets.SocketError.Success;
    }

    protected sealed override void OnReady()
    {
        // Each waiter may change everything, the way of working too.
        var isAwaited = (IsReadable && _readable.Signal()) | (IsWritable && _writable.Signal());
        if (!isAwaited && IsOpen && !_readable.IsAwaited && !_writable.IsAwaited)
        {
            OnRelay();
        }
    }

    /// <summary>It has become readable or writable, and nobody awaits it.</summary>
    protected abstract void OnRelay();

    /// <summary>It was closed in the middle of its work, and nobody awaited it.</summary>
    protected abstract void OnBroken();
}
