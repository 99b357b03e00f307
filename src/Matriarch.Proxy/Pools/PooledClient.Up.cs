using Matriarch.Wire;

namespace Matriarch.Proxy;

/// <summary>From the client to the server.</summary>
internal sealed partial class PooledClient
{
    private void PumpUp()
    {
        var buffer = Reactor.Buffer.AsSpan();
        for (var row = 0; MayTakeMore; row++)
        {
            if (row == MostInARow)
            {
                Reactor.Again(this);
                return;
            }

            var kept = _received.Length;
            _received.Bytes.CopyTo(buffer);
            // What waited for a server may fill the buffer.
            var count = kept > buffer.Length / 2 ? SocketCalls.WouldBlock : Receive(buffer[kept..]);
            if (count is 0 or SocketCalls.Lost)
            {
                End(null);
                return;
            }

            if (count == SocketCalls.WouldBlock && !_isGranted)
            {
                return;
            }

            _isGranted = false;
            _received.Clear();
            if (!Forward(buffer[..(kept + Math.Max(count, 0))]))
            {
                return;
            }
        }
    }

    private bool MayTakeMore => !_isOver && !IsWaiting && !_isExchanging && Pool is not null
        && Server is null or { IsTaking: true };

    /// <summary>Whether the connection carries what the session does; else it is given that first.</summary>
    private bool TryLink(PooledServer server)
    {
        Link(server);
        if (server.Carried.Key == _carried.Key)
        {
            return true;
        }

        _ = GiveAsync(server);
        return false;
    }

    /// <summary>Sends on what can go; false when nothing more is to be received for now.</summary>
    private bool Forward(ReadOnlySpan<byte> bytes)
    {
        if (Server is null && !TryBegin(bytes))
        {
            return false;
        }

        if (!_ledger.Note(_clientStream, bytes, oneRequest: false, out var step))
        {
            return false;
        }

        if (!Server!.Write(bytes[..step.Forward]))
        {
            Server.Break();
            return false;
        }

        _received.Set(bytes[step.Forward..]);
        if (step.Violation is { } what)
        {
            End(ServerMessage.Fatal(SqlState.ProtocolViolation, what));
            return false;
        }

        if (_clientStream.HasTerminated)
        {
            End(null); // the server has it too, and finishes what came before
            return false;
        }

        return true;
    }

    /// <summary>The beginning of a transaction: takes a server connection, or its place in the line.</summary>
    private bool TryBegin(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < MessageHeader.Size)
        {
            _received.Set(bytes); // nobody's server waits for the rest of a header
            return false;
        }

        if (bytes[0] == FrontendCode.Terminate)
        {
            End(null);
            return false;
        }

        if (Pool.TryTake(_carried) is { } server)
        {
            if (TryLink(server))
            {
                return true;
            }

            _received.Set(bytes);
            return false;
        }

        _received.Set(bytes);
        IsWaiting = true;
        Pool.Enqueue(this);
        return false;
    }
}
