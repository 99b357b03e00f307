using System.Net;
using System.Net.Sockets;

namespace Matriarch.TestKit;

/// <summary>
/// TCP ports for test servers: below the range from which the kernel takes ports of outgoing connections, free when
/// handed out, and never the same twice in one process.
/// </summary>
public static class FreePorts
{
    private const int First = 15_000;
    private const int Last = 31_999;
    private static readonly Lock Gate = new();
    private static readonly HashSet<int> Taken = [];

    // Processes that run side by side begin at different places.
    private static readonly Random Places = new(Environment.ProcessId);

    /// <exception cref="InvalidOperationException">Hundreds of ports in a row are in use.</exception>
    public static int Take()
    {
        lock (Gate)
        {
            for (var attempt = 0; attempt < 500; attempt++)
            {
                var port = Places.Next(First, Last);
                if (Taken.Add(port) && IsFree(port))
                {
                    return port;
                }
            }
        }

        throw new InvalidOperationException($"found no free port from {First} to {Last}");
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
