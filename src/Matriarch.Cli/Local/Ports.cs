using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Matriarch.Core;

namespace Matriarch.Cli;

/// <summary>Ports of this machine's loopback address.</summary>
internal static class Ports
{
    // Below the range from which the system takes ports of outgoing connections (32768 and up on Linux), so that a
    // remembered port is not taken by chance while the cluster is down; drawn at random, so that stopped clusters
    // rarely share one.
    private const int First = 20_000;
    private const int Last = 30_000;
    private const int MostAttempts = 500;

    /// <summary>Whether a listener could take the address now.</summary>
    public static bool IsFree(string host, int port, ProtocolType protocol = ProtocolType.Tcp)
    {
        var address = IPAddress.TryParse(host, out var ip) ? ip : IPAddress.Loopback;
        var kind = protocol == ProtocolType.Tcp ? SocketType.Stream : SocketType.Dgram;
        using var socket = new Socket(address.AddressFamily, kind, protocol);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            if (protocol == ProtocolType.Tcp)
            {
                socket.Listen(1);
            }

            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Draws free ports, all different, each free for TCP and UDP.</summary>
    public static int[] Draw(int count, int except)
    {
        var drawn = new HashSet<int>();
        for (var attempt = 0; attempt < MostAttempts && drawn.Count < count; attempt++)
        {
            var port = RandomNumberGenerator.GetInt32(First, Last);
            if (port != except && IsFree("127.0.0.1", port) && IsFree("127.0.0.1", port, ProtocolType.Udp))
            {
                drawn.Add(port);
            }
        }

        return drawn.Count == count
            ? [.. drawn]
            : throw new UserException(
                $"there are not {count} free ports from {First} to {Last} on this machine",
                "stop something that listens there");
    }
}
