using Matriarch.Wire;

namespace Matriarch.Proxy;

/// <summary>From the server to the client.</summary>
internal sealed partial class PooledClient
{
    private void PumpDown()
    {
        var buffer = Reactor.Buffer.AsSpan();
        for (var row = 0; Server is { } server && _unsent.IsEmpty && !_isExchanging; row++)
        {
            if (row == MostInARow)
            {
                Reactor.Again(this);
                return;
            }

            var count = server.Read(buffer);
            switch (count)
            {
                case SocketCalls.WouldBlock:
                    return;
                case 0 or SocketCalls.Lost:
                    server.Break();
                    return;
            }

            if (!PassOn(server, buffer[..count]))
            {
                return;
            }
        }
    }

    /// <summary>Passes on what has come; false when the server connection is not this client's any more.</summary>
    private bool PassOn(PooledServer server, ReadOnlySpan<byte> bytes)
    {
        while (true)
        {
            var step = _serverStream.Scan(bytes);
            if (!SendDown(bytes[..step.Forward]) || (step.Insert is { } insert && !SendDown(insert)))
            {
                End(null);
                return false;
            }

            bytes = bytes[(step.Forward + step.Drop)..];
            switch (step.Next)
            {
                case ServerNext.Scan:
                    continue;
                case ServerNext.Violation:
                    End(ServerMessage.Fatal(
                        SqlState.ProtocolViolation, $"{Pool.ServerName} did not answer in the protocol"));
                    return false;
                case ServerNext.End:
                    End(null);
                    return false;
            }

            server.Keep(bytes);
            if (!bytes.IsEmpty || !server.IsTaking || !_ledger.IsBetweenTransactions)
            {
                return true;
            }

            ReachEdge(server);
            if (IsReadable)
            {
                Reactor.Again(this);
            }

            return false;
        }
    }

    /// <summary>Sends, or keeps what does not go; false when the connection is lost.</summary>
    private bool SendDown(ReadOnlySpan<byte> bytes)
    {
        if (!_unsent.IsEmpty)
        {
            _unsent.Append(bytes);
            return true;
        }

        var count = bytes.IsEmpty ? 0 : Send(bytes);
        if (count >= 0 && count < bytes.Length)
        {
            _unsent.Set(bytes[count..]);
        }

        return count >= 0;
    }

    /// <summary>Sends what was kept; false while some is left, or the session is over.</summary>
    private bool FlushDown()
    {
        while (!_unsent.IsEmpty)
        {
            var count = Send(_unsent.Bytes);
            if (count == SocketCalls.Lost)
            {
                Break();
                return false;
            }

            if (count == 0)
            {
                return false;
            }

            _unsent.Consume(count);
        }

        if (_isOver)
        {
            SayGoodbye();
        }

        return !_isOver;
    }

    /// <summary>
    /// The last words were taken by the kernel. Closing with unread bytes would be a reset, which throws away what the
    /// client has not read: so it is read until the client closes, for a while.
    /// </summary>
    private void SayGoodbye()
    {
        EndSending();
        for (var row = 0; IsOpen && row < MostInARow; row++)
        {
            switch (Receive(Reactor.Buffer))
            {
                case SocketCalls.WouldBlock:
                    return;
                case 0 or SocketCalls.Lost:
                    Leave();
                    return;
            }
        }

        Reactor.Again(this);
    }
}
