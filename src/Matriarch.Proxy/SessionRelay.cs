using System.Net.Sockets;
using Matriarch.Wire;

namespace Matriarch.Proxy;

/// <summary>
/// One client session on one server connection: bytes go both ways, unchanged but for what <see cref="ServerStream"/>
/// says.
/// </summary>
/// <remarks>
/// Two loops, one per direction. Each awaits readiness without a buffer, borrows one, receives, looks at the headers,
/// and awaits the send: a slow reader stops the other side's writer. Only the downward loop (server to client) writes
/// to the client, so an error of our own always stands between two messages. The first cause of the end is kept;
/// everything after it is only tidying up.
/// <para>Ends: a client that closes or half-closes has its end passed on, and the server closes in its own time. A
/// client that is lost takes the server connection with it. A server that is lost without a FATAL error is explained
/// to the client (08006). <see cref="End"/> sends its reason at the next message boundary and closes both.</para>
/// </remarks>
public sealed partial class SessionRelay : IDisposable
{
    private readonly Socket _client;
    private readonly Socket _server;
    private readonly RelayOptions _options;
    private readonly ReadOnlyMemory<byte> _firstServerBytes;
    private readonly RequestLedger _ledger;
    private readonly ClientStream _clientStream;
    private readonly ServerStream _serverStream;
    private readonly EndRequest _ending = new();
    private readonly ITimer _graceTimer;
    private RelayEnd? _end;
    private long _bytesToServer;
    private long _bytesToClient;

    /// <param name="client">Past its startup packet.</param>
    /// <param name="server">Connected, and sent the startup packet.</param>
    /// <param name="firstServerBytes">What was already received from the server, to be relayed first.</param>
    /// <param name="options">Surroundings.</param>
    /// <param name="keyLearned">Called once, inside the relay, with the key by which the client may cancel.</param>
    public SessionRelay(
        Socket client, Socket server, ReadOnlyMemory<byte> firstServerBytes, RelayOptions options,
        Action<CancelKey>? keyLearned = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BufferBytes, 2 * ServerStream.MaxInspected);
        client.Blocking = false;
        server.Blocking = false;
        _client = client;
        _server = server;
        _firstServerBytes = firstServerBytes;
        _options = options;
        _ledger = new RequestLedger(options.Resumed is not null);
        _clientStream = options.Resumed?.Stream ?? new ClientStream(options.Witness);
        _serverStream = new ServerStream(_ledger, keyLearned, options.Witness)
        {
            RefusesStandby = options.MustBePrimary ? options.ServerName : null,
        };
        _graceTimer = options.Time.CreateTimer(_ => Expire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The transaction's state, as the server last said.</summary>
    public TransactionStatus Status => _ledger.Status;

    /// <summary>
    /// Whether a COMMIT, END or PREPARE TRANSACTION that the client sent may be running. A cancel must not reach the
    /// backend then: it would end the wait for replication. Statements that commit by themselves are not known.
    /// </summary>
    public bool IsCommitting => _ledger.IsCommitting;

    /// <summary>Bytes passed on to the server so far.</summary>
    public long BytesToServer => Volatile.Read(ref _bytesToServer);

    /// <summary>Bytes passed on to the client so far.</summary>
    public long BytesToClient => Volatile.Read(ref _bytesToClient);

    /// <summary>Ends the session at the next message boundary, or hard after
    /// <see cref="RelayOptions.EndGrace"/>.</summary>
    public void End(ServerMessage reason)
    {
        if (_ending.Set(reason, onlyIdle: false))
        {
            try
            {
                _graceTimer.Change(_options.EndGrace, Timeout.InfiniteTimeSpan);
            }
            catch (ObjectDisposedException)
            {
                // It has just ended by itself.
            }
        }
    }

    /// <summary>Ends the session as soon as no request and no transaction is under way.</summary>
    public void EndWhenIdle(ServerMessage reason) => _ending.Set(reason, onlyIdle: true);

    /// <summary>Relays until the session is over; both sockets are closed then. Never throws for what the sides
    /// do.</summary>
    public async Task<RelayEnd> RunAsync()
    {
        var down = DownAsync();
        var up = UpAsync();
        try
        {
            await down;
            _isOver = true;
            if (_isParked)
            {
                return await LeaveAsync(up);
            }

            _answered.Release();
            _server.Dispose(); // wakes the other loop when it is sending
            await LingeringClose.CloseAsync(_client, _options.EndGrace, _options.Time);
            await up;
        }
        finally
        {
            if (!_isParked)
            {
                Dispose();
            }
        }

        return _end ?? new RelayEnd.ClientClosed();
    }

    /// <summary>Closes both sockets; <see cref="RunAsync"/> does it at its end.</summary>
    public void Dispose()
    {
        Abort();
        _ending.Dispose();
        _graceTimer.Dispose();
        _answered.Release();
    }

    /// <summary>The grace is over: no last word.</summary>
    private void Expire()
    {
        if (_ending.Take() is { } ending)
        {
            Finish(new RelayEnd.Ended(ending.Reason));
        }

        Abort();
    }

    private void Abort()
    {
        _server.Dispose();
        _client.Dispose();
    }

    private void Finish(RelayEnd end) => Interlocked.CompareExchange(ref _end, end, null);

    private async Task UpAsync()
    {
        using var input = new RelayInput(_client, _options.BufferBytes);
        input.Preload(_options.Resumed?.ClientBytes);
        var isEmpty = input.Bytes.IsEmpty;
        while (true)
        {
            var count = 1;
            try
            {
                count = isEmpty ? await input.ReceiveAsync(_leaving.Token) : count;
            }
            catch (OperationCanceledException)
            {
                Keep(input);
                return;
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                Finish(new RelayEnd.ClientLost(ErrorOf(e)));
                _server.Dispose();
                return;
            }

            if (count == 0)
            {
                Finish(new RelayEnd.ClientClosed());
                _server.EndSending();
                return;
            }

            var oneRequest = _ending.IsParkWished;
            if (oneRequest)
            {
                await WaitForAnswersAsync();
            }

            if (_options.Admission is { } admission && _ledger.IsBetweenTransactions && admission() is { } refusal)
            {
                End(refusal);
                return;
            }

            if (!_ledger.Note(_clientStream, input.Bytes.Span, oneRequest, out var step))
            {
                Keep(input);
                return; // the session is over, or parked; the downward loop says why
            }

            if (!await TrySendUpAsync(input.Bytes[..step.Forward]))
            {
                return;
            }

            input.Consume(step.Forward);
            isEmpty = !step.IsRequestEnd || input.Bytes.IsEmpty;
            if (step.Violation is { } what)
            {
                Finish(new RelayEnd.Violation("client: " + what));
                End(ServerMessage.Fatal(SqlState.ProtocolViolation, what));
                return;
            }
        }
    }

    private async ValueTask<bool> TrySendUpAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await _server.SendAllAsync(bytes);
            Volatile.Write(ref _bytesToServer, _bytesToServer + bytes.Length);
            return true;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false; // the downward loop reads what the server said before, and then finds the same
        }
    }

    private async Task DownAsync()
    {
        using var input = new RelayInput(_server, _options.BufferBytes);
        input.Preload(_firstServerBytes.Span);
        try
        {
            while (await PassOnAsync(input) && !await TryEndAsync() && !TryPark(input))
            {
                var count = await ReceiveDownAsync(input);
                if (count == 0)
                {
                    await ExplainServerEndAsync(SocketError.Success);
                    return;
                }
            }
        }
        catch (ServerLostException e)
        {
            await ExplainServerEndAsync(e.Error);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Finish(new RelayEnd.ClientLost(ErrorOf(e)));
        }
    }

    /// <summary>How many bytes came; -1 when the wait was interrupted by a wish to end.</summary>
    private async ValueTask<int> ReceiveDownAsync(RelayInput input)
    {
        try
        {
            return await input.ReceiveAsync(_ending.Wake);
        }
        catch (OperationCanceledException)
        {
            return -1;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            throw new ServerLostException(ErrorOf(e));
        }
    }

    /// <summary>Passes on what has come; false when the session ends with it.</summary>
    private async ValueTask<bool> PassOnAsync(RelayInput input)
    {
        while (true)
        {
            var step = _serverStream.Scan(input.Bytes.Span);
            await SendDownAsync(input.Bytes[..step.Forward]);
            input.Consume(step.Forward + step.Drop);
            await SendDownAsync(step.Insert);
            switch (step.Next)
            {
                case ServerNext.Receive:
                    return true;
                case ServerNext.Violation:
                    Finish(new RelayEnd.Violation("server: invalid message"));
                    return false;
                case ServerNext.End:
                    Finish(new RelayEnd.Ended(ServerStream.UnknownOutcome()));
                    return false;
            }
        }
    }

    private async ValueTask SendDownAsync(ReadOnlyMemory<byte> bytes)
    {
        await _client.SendAllAsync(bytes);
        Volatile.Write(ref _bytesToClient, _bytesToClient + bytes.Length);
    }

    /// <summary>Ends the session if that is wished and possible here.</summary>
    private async ValueTask<bool> TryEndAsync()
    {
        if (_ending.Take() is not { } ending || !_serverStream.IsAtBoundary || !_ledger.TryClose(ending.OnlyIdle))
        {
            return false;
        }

        Finish(new RelayEnd.Ended(ending.Reason));
        await SendDownAsync(ending.Reason.ToErrorResponse());
        return true;
    }

    private async Task ExplainServerEndAsync(SocketError error)
    {
        if (_serverStream.FatalSqlState is { } state)
        {
            Finish(new RelayEnd.ServerClosed(state));
            return;
        }

        Finish(_clientStream.HasTerminated ? new RelayEnd.ClientClosed() : new RelayEnd.ServerLost(error));
        if (!_serverStream.IsAtBoundary || Volatile.Read(ref _end) is not RelayEnd.ServerLost)
        {
            return;
        }

        var reason = _serverStream.OwesUnknownOutcome
            ? ServerStream.UnknownOutcome() with { Severity = "FATAL" }
            : ServerMessage.Fatal(
                SqlState.ConnectionFailure,
                $"the connection to node {_options.ServerName} was lost",
                hint: "Connect again; check whether a transaction that was being committed is there.");
        try
        {
            await SendDownAsync(reason.ToErrorResponse());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Both sides are gone; the first cause is noted.
        }
    }

    private static SocketError ErrorOf(Exception e) =>
        e is SocketException socket ? socket.SocketErrorCode : SocketError.OperationAborted;

    /// <summary>Tells a failure of the server's socket from one of the client's inside the downward loop.</summary>
    private sealed class ServerLostException(SocketError error) : Exception
    {
        public SocketError Error { get; } = error;
    }
}
