using System.Net.Sockets;

namespace Matriarch.Proxy;

/// <summary>
/// A stream socket that belongs to one reactor, and is touched by its thread only. It holds no buffer: what is received
/// goes into the reactor's, and what cannot be sent stays with whoever has it.
/// </summary>
/// <remarks>
/// The epoll tells edges: <see cref="IsReadable"/> and <see cref="IsWritable"/> stay true until a call finds that they
/// are not. A receive that did not fill its buffer has emptied the socket (epoll(7), questions and answers, 9), which
/// saves the call that would find nothing; unless the other side has ended meanwhile, when no further edge comes.
/// </remarks>
internal abstract class ReactorSocket(Reactor reactor)
{
    private const int Closed = -1;

    private int _descriptor = Closed;
    private bool _hasEnd; // the other side has ended, or the connection is lost: receiving says which

    /// <summary>Whose it is.</summary>
    public Reactor Reactor { get; } = reactor;

    /// <summary>Whether a receive may give something.</summary>
    public bool IsReadable { get; private set; }

    /// <summary>Whether a send may take something.</summary>
    public bool IsWritable { get; private set; }

    /// <summary>Whether it has a connection that was not closed here.</summary>
    public bool IsOpen => _descriptor != Closed;

    /// <summary>Where the reactor knows it; for the reactor only.</summary>
    internal uint Slot { get; set; }

    /// <summary>Whether it waits for its next turn; for the reactor only.</summary>
    internal bool IsQueued { get; set; }

    /// <summary>Takes a connected or connecting descriptor; <see cref="OnReady"/> comes from now on.</summary>
    /// <exception cref="IOException">It cannot be watched; it is closed.</exception>
    public void Attach(int descriptor)
    {
        Core.Invariant.Holds(_descriptor == Closed, "a socket has one connection at a time");
        _descriptor = descriptor;
        (IsReadable, IsWritable, _hasEnd) = (false, false, false);
        try
        {
            Reactor.Watch(this, descriptor);
        }
        catch (IOException)
        {
            _descriptor = Closed;
            SocketCalls.Close(descriptor);
            throw;
        }
    }

    /// <summary>Bytes received; 0 at the end, <see cref="SocketCalls.WouldBlock"/> or
    /// <see cref="SocketCalls.Lost"/>.</summary>
    public int Receive(Span<byte> to)
    {
        if (!IsReadable || !IsOpen)
        {
            return IsOpen ? SocketCalls.WouldBlock : SocketCalls.Lost;
        }

        var count = SocketCalls.Receive(_descriptor, to);
        if (count == SocketCalls.WouldBlock || (count > 0 && count < to.Length && !_hasEnd))
        {
            IsReadable = false;
        }

        return count;
    }

    /// <summary>Bytes that were taken, perhaps none; <see cref="SocketCalls.Lost"/> when there is nobody to take
    /// them.</summary>
    public int Send(ReadOnlySpan<byte> bytes)
    {
        if (!IsWritable || !IsOpen)
        {
            return IsOpen ? 0 : SocketCalls.Lost;
        }

        var count = SocketCalls.Send(_descriptor, bytes);
        if (count != SocketCalls.Lost && count < bytes.Length)
        {
            IsWritable = false;
            return Math.Max(count, 0);
        }

        return count;
    }

    /// <summary>Says that nothing more will be sent.</summary>
    public void EndSending()
    {
        if (IsOpen)
        {
            SocketCalls.EndSending(_descriptor);
        }
    }

    /// <summary>Small messages go out at once, and a side that has vanished is noticed within a minute.</summary>
    public void Prepare()
    {
        if (IsOpen)
        {
            SocketCalls.Prepare(_descriptor);
        }
    }

    /// <summary>What a connection that was begun has come to.</summary>
    public SocketError TakeError() => IsOpen ? SocketCalls.TakeError(_descriptor) : SocketError.NotSocket;

    /// <summary>Closes the connection; nothing comes of it any more.</summary>
    public void Close()
    {
        if (IsOpen)
        {
            Reactor.Unwatch(this);
            SocketCalls.Close(_descriptor);
            _descriptor = Closed;
            IsReadable = IsWritable = false;
        }
    }

    /// <summary>A handler of it has failed, so nothing is known of it any more: it is closed.</summary>
    public virtual void Abandon() => Close();

    /// <summary>It has become readable or writable, or its turn has come again.</summary>
    protected abstract void OnReady();

    /// <summary>For the reactor only.</summary>
    internal void Signal(uint events)
    {
        const uint End = EpollCalls.Error | EpollCalls.HangUp | EpollCalls.PeerHangUp;
        _hasEnd |= (events & End) != 0;
        IsReadable |= (events & (EpollCalls.In | End)) != 0;
        IsWritable |= (events & (EpollCalls.Out | EpollCalls.Error | EpollCalls.HangUp)) != 0;
        OnReady();
    }

    /// <summary>For the reactor only.</summary>
    internal void TakeTurn()
    {
        if (IsOpen)
        {
            OnReady();
        }
    }
}
