using Matriarch.Wire;

namespace Matriarch.Proxy;

/// <summary>
/// A client of a pool, past its login. It has a server connection from the first byte of a transaction to the
/// ReadyForQuery that ends it; between two transactions it has none, and holds no buffer either.
/// </summary>
/// <remarks>
/// Bytes go on in the order in which they came and unchanged, but for what <see cref="ServerStream"/> says. A side that
/// does not read stops only its own session: what it does not take is kept, at most one buffer, and the other side is
/// not read until it has gone. An answer that the client does not take does not keep the server: once all of it is here
/// the server connection goes back.
/// </remarks>
internal sealed partial class PooledClient : ReactorConnection
{
    /// <summary>How long it has to take its last words.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    /// <summary>Receives in a row before others have their turn.</summary>
    private const int MostInARow = 4;

    private readonly RequestLedger _ledger = new(isResumed: true);
    private StatementWatch _watch = null!; // from OpenAsync on, before which nothing is relayed
    private ClientStream _clientStream = null!;
    private readonly ServerStream _serverStream;
    private Carry _received; // came from the client and waits: for the rest of its message, or for a server
    private Carry _unsent; // the client did not take them yet
    private bool _isGranted; // what was received has a server now, and goes on without more
    private bool _isOver;
    private bool _hasLeft;
    private readonly Action _left;

    /// <param name="reactor">Whose it is.</param>
    /// <param name="left">Called once, when it has gone.</param>
    public PooledClient(Reactor reactor, Action left)
        : base(reactor)
    {
        _left = left;
        _serverStream = new ServerStream(_ledger, keyLearned: null);
    }

    /// <summary>Whose it is.</summary>
    public ServerPool Pool { get; private set; } = null!; // from OpenAsync on

    /// <summary>Its server connection; null between two transactions, and while it waits for one.</summary>
    public PooledServer? Server { get; private set; }

    /// <summary>Whether it is in its pool's line.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>The pool gives it a connection; it goes on in its next turn.</summary>
    public void Grant(PooledServer server)
    {
        IsWaiting = false;
        if (_borrowing is { } borrowing)
        {
            Link(server);
            borrowing.SetResult(server);
            return;
        }

        if (TryLink(server))
        {
            _isGranted = true;
            Reactor.Again(this);
        }
    }

    /// <summary>The pool has none for it, and says why; the client stays at the edge that it is at.</summary>
    public void Refuse(ServerMessage reason)
    {
        IsWaiting = false;
        if (_borrowing is { } borrowing)
        {
            _refusal = reason;
            borrowing.SetResult(null);
            return;
        }

        End(reason);
    }

    /// <summary>Its server connection has become readable or writable.</summary>
    public void OnServerReady()
    {
        PumpDown();
        if (Server is { } server && server.Flush())
        {
            PumpUp();
        }
    }

    /// <summary>Its server connection is lost.</summary>
    public void OnServerLost()
    {
        Server = null;
        var isExplained = _serverStream.FatalSqlState is not null || !_serverStream.IsAtBoundary;
        End(isExplained ? null : _serverStream.OwesUnknownOutcome
            ? ServerStream.UnknownOutcome() with { Severity = "FATAL" }
            : ServerMessage.Fatal(
                SqlState.ConnectionFailure, $"the connection to {Pool.ServerName} was lost",
                hint: "Connect again; check whether a transaction that was being committed is there."));
    }

    /// <summary>Ends the session, with a last word where there is one.</summary>
    public void End(ServerMessage? reason)
    {
        if (_isOver)
        {
            return;
        }

        _isOver = true;
        if (reason is not null && IsOpen)
        {
            SendDown(reason.ToErrorResponse());
        }

        if (Server is { } server)
        {
            Server = null;
            server.Client = null;
            if (!_isExchanging)
            {
                server.Finish(); // else who awaits it does
            }
        }

        IsWaiting = false;
        _received.Clear();
        if (reason is null || !IsOpen)
        {
            Leave();
            return;
        }

        SetDeadline(Farewell);
        FlushDown();
    }

    protected override void OnRelay()
    {
        if (!FlushDown())
        {
            return;
        }

        if (Server is not null)
        {
            PumpDown();
        }

        PumpUp();
    }

    protected override void OnBroken()
    {
        _unsent.Clear();
        if (_isOver)
        {
            Leave(); // its deadline has passed
        }

        _borrowing?.TrySetResult(null);
        End(null);
    }

    private void Link(PooledServer server)
    {
        Server = server;
        server.Client = this;
    }

    /// <summary>The connection and all that it holds go; the last step of its life.</summary>
    private void Leave()
    {
        if (_hasLeft)
        {
            return;
        }

        _hasLeft = true;
        _unsent.Clear();
        ClearDeadline();
        Close();
        Pool?.Leave(this);
        _left();
    }
}
