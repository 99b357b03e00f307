using System.Net.Sockets;

namespace Matriarch.Proxy;

/// <summary>
/// Closing a connection so that the last message arrives. A socket that is closed while bytes from the other side are
/// unread sends a reset, and a reset may overtake and destroy what was written before (RFC 1122, 4.2.2.13).
/// </summary>
public static class LingeringClose
{
    private const int MaxDiscarded = 4 * 1024 * 1024;

    /// <summary>
    /// Ends the sending side, reads and forgets what still comes until the other side closes,
    /// <paramref name="patience"/> is over or 4 MB have come, and closes the socket. Never throws.
    /// </summary>
    public static async Task CloseAsync(Socket socket, TimeSpan patience, TimeProvider time)
    {
        using var deadline = new CancellationTokenSource(patience, time);
        try
        {
            socket.Shutdown(SocketShutdown.Send);
            var scratch = new byte[512];
            for (var discarded = 0; discarded < MaxDiscarded;)
            {
                var count = await socket.ReceiveAsync(scratch, SocketFlags.None, deadline.Token);
                if (count == 0)
                {
                    break;
                }

                discarded += count;
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Whatever it was, the connection is over, which is what was wanted.
        }
        finally
        {
            socket.Dispose();
        }
    }
}
