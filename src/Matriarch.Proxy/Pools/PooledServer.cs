namespace Matriarch.Proxy;

/// <summary>
/// A server connection of a pool: with a client for the length of a transaction, else idle. It is given back only when
/// every answer has come and no transaction is open; one whose client has gone before is finished apart and never used
/// again.
/// </summary>
internal sealed class PooledServer(Reactor reactor, ServerPool pool) : ReactorConnection(reactor)
{
    private static readonly TimeSpan FinishDeadline = TimeSpan.FromSeconds(5);

    private Carry _unsent; // the server did not take them yet
    private Carry _unread; // came from it, and are part of a message that must be whole

    /// <summary>Whose it is.</summary>
    public ServerPool Pool { get; } = pool;

    /// <summary>Whom it serves; null while it is idle.</summary>
    public PooledClient? Client { get; set; }

    /// <summary>Whether it was opened, and so counts in its pool until it is closed.</summary>
    public bool IsPooled { get; set; }

    /// <summary>Since when nobody uses it, on the reactor's clock.</summary>
    public TimeSpan IdleSince { get; set; }

    /// <summary>What it carries of the session that it served last.</summary>
    public CarriedState Carried { get; private set; } = CarriedState.Nothing;

    /// <summary>The settings that it has reported by now.</summary>
    public IReadOnlyDictionary<string, string> Reported { get; private set; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether it takes more to send.</summary>
    public bool IsTaking => _unsent.IsEmpty;

    /// <summary>Whether it does nothing but come to its end.</summary>
    public bool IsFinishing { get; private set; }

    /// <summary>The settings that it reported when it was logged in.</summary>
    public IReadOnlyDictionary<string, string> FirstReported { get; private set; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>By which it is cancelled; null for a server that gives none.</summary>
    public Wire.CancelKey? Key { get; private set; }

    /// <summary>It is logged in.</summary>
    public void Opened(ServerLogin login) =>
        (Reported, FirstReported, Key) = (login.Reported, login.Reported, login.Key);

    /// <summary>Says what it carries from now on.</summary>
    public void Carry(CarriedState carried, IReadOnlyDictionary<string, string> reported) =>
        (Carried, Reported) = (carried, reported);

    /// <summary>Sends, or keeps what does not go; false when the connection is lost.</summary>
    public bool Write(ReadOnlySpan<byte> bytes)
    {
        Core.Invariant.Holds(_unsent.IsEmpty, "a client sends no more while its server takes nothing");
        var count = bytes.IsEmpty ? 0 : Send(bytes);
        if (count >= 0 && count < bytes.Length)
        {
            _unsent.Set(bytes[count..]);
        }

        return count >= 0;
    }

    /// <summary>Sends what was kept; true when none is left.</summary>
    public bool Flush()
    {
        while (!_unsent.IsEmpty)
        {
            var count = Send(_unsent.Bytes);
            if (count <= 0)
            {
                return false;
            }

            _unsent.Consume(count);
        }

        return true;
    }

    /// <summary>Receives into a buffer, behind what was kept of the last time.</summary>
    /// <returns>All bytes that are there; 0 at the end, <see cref="SocketCalls.WouldBlock"/> or
    /// <see cref="SocketCalls.Lost"/>.</returns>
    public int Read(Span<byte> buffer)
    {
        var kept = _unread.Length;
        _unread.Bytes.CopyTo(buffer);
        var count = Receive(buffer[kept..]);
        if (count <= 0)
        {
            return count;
        }

        _unread.Clear();
        return kept + count;
    }

    /// <summary>Keeps what was received and cannot be understood without more.</summary>
    public void Keep(ReadOnlySpan<byte> rest) => _unread.Set(rest);

    /// <summary>
    /// Its client has gone in the middle of something. What was sent is finished: a COMMIT under way must not be torn
    /// away by a reset. Nobody hears the answers.
    /// </summary>
    public void Finish()
    {
        Client = null;
        IsFinishing = true;
        _unread.Clear();
        if (!_unsent.IsEmpty)
        {
            _unsent.Clear(); // half a message: the server finds the end in it, and rolls back
        }

        EndSending();
        SetDeadline(FinishDeadline);
        OnRelay();
    }

    protected override void OnRelay()
    {
        if (Client is { } client)
        {
            client.OnServerReady();
            return;
        }

        if (!IsReadable)
        {
            return;
        }

        var count = Receive(Reactor.Buffer);
        if (count is 0 or SocketCalls.Lost)
        {
            Break();
        }
        else if (count > 0 && IsFinishing)
        {
            Reactor.Again(this); // discarded
        }
        else if (count > 0)
        {
            Pool.OnUnasked(this, Reactor.Buffer.AsSpan(0, count));
        }
    }

    protected override void OnBroken()
    {
        _unsent.Clear();
        _unread.Clear();
        Pool.Forget(this);

        if (Client is { } client)
        {
            Client = null;
            client.OnServerLost();
        }
    }
}
