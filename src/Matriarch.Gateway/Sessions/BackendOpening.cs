using System.Net.Sockets;
using Matriarch.Proxy;
using Matriarch.Wire;

namespace Matriarch.Gateway;

/// <summary>What came of connecting to a node.</summary>
internal abstract record BackendOpening
{
    /// <summary>Longest error of a node that is understood before relaying, in bytes.</summary>
    private const int MaxFirstBytes = 8 * 1024;

    private BackendOpening() { }

    /// <summary>The node answers the startup packet; nothing of it has reached the client.</summary>
    public sealed record Opened(Socket Server, ReadOnlyMemory<byte> FirstBytes) : BackendOpening;

    /// <summary>Not now: try again, perhaps elsewhere.</summary>
    public sealed record Failed(string Why) : BackendOpening;

    /// <summary>
    /// Connects, sends the startup packet and waits for the first answer. A node that says 57P03 (starting up,
    /// shutting down, in recovery) counts as one that could not be reached; every other error is for the client.
    /// </summary>
    /// <param name="target">The node.</param>
    /// <param name="startup">The packet.</param>
    /// <param name="cancellation">The deadline, and whatever else makes the attempt useless.</param>
    public static async Task<BackendOpening> OpenAsync(
        RouteTarget target, byte[] startup, CancellationToken cancellation)
    {
        var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        BackendOpening result = new Failed($"node {target.Node} did not answer in time");
        try
        {
            Prepare(server);
            await server.ConnectAsync(target.Host, target.Port, cancellation);
            await server.SendAllAsync(startup, cancellation);
            result = await AwaitAnswerAsync(server, target, cancellation);
        }
        catch (OperationCanceledException)
        {
            // The result says it.
        }
        catch (SocketException e)
        {
            result = new Failed($"node {target.Node} ({target.Host}:{target.Port}): {e.Message}");
        }
        finally
        {
            if (result is not Opened)
            {
                server.Dispose();
            }
        }

        return result;
    }

    /// <summary>Small messages go out at once, and a side that vanished is noticed within a minute or so.</summary>
    public static void Prepare(Socket socket)
    {
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 30);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 5);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 5);
    }

    private static async Task<BackendOpening> AwaitAnswerAsync(
        Socket server, RouteTarget target, CancellationToken cancellation)
    {
        var buffer = new byte[MaxFirstBytes];
        var filled = 0;
        while (true)
        {
            var count = await server.ReceiveAsync(buffer.AsMemory(filled), SocketFlags.None, cancellation);
            if (count == 0)
            {
                return new Failed($"node {target.Node} closed the connection at once");
            }

            filled += count;
            switch (MessageHeader.TryRead(buffer.AsSpan(0, filled), out var header))
            {
                case HeaderRead.Invalid:
                    // Such as the bare text that a postmaster sends when it cannot fork.
                    return new Failed($"node {target.Node} did not answer in the protocol");
                case HeaderRead.Ok when header.Code != BackendCode.ErrorResponse || header.TotalLength > buffer.Length:
                    return new Opened(server, buffer.AsMemory(0, filled));
                case HeaderRead.Ok when filled >= header.TotalLength:
                    var error = ServerMessage.TryParse(buffer.AsSpan(MessageHeader.Size, header.BodyLength));
                    return error is { SqlState: SqlState.CannotConnectNow }
                        ? new Failed($"node {target.Node} says: {error.Message}")
                        : new Opened(server, buffer.AsMemory(0, filled));
            }
        }
    }
}
