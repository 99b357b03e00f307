using System.Net.Sockets;
using Matriarch.Proxy;
using Matriarch.Wire;

namespace Matriarch.Gateway;

/// <summary>Reads what a client sends first, and refuses encryption. Reads not one byte too many.</summary>
internal static class StartupReader
{
    /// <summary>
    /// The first packet that is no request for encryption; null when the client closed the connection. Each kind of
    /// request is refused once, as in PostgreSQL; a repeated one is malformed.
    /// </summary>
    /// <exception cref="OperationCanceledException">It took too long.</exception>
    /// <exception cref="SocketException">The connection failed.</exception>
    public static async Task<StartupPacket?> ReadAsync(Socket client, CancellationToken deadline)
    {
        var (sslRefused, gssRefused) = (false, false);
        while (true)
        {
            var packet = await ReadPacketAsync(client, deadline);
            switch (packet)
            {
                case StartupPacket.SslRequest when !sslRefused:
                    sslRefused = true;
                    break;
                case StartupPacket.GssEncryptionRequest when !gssRefused:
                    gssRefused = true;
                    break;
                case StartupPacket.SslRequest or StartupPacket.GssEncryptionRequest:
                    return new StartupPacket.Malformed(SqlState.ProtocolViolation, "encryption was requested twice");
                default:
                    return packet;
            }

            await client.SendAllAsync("N"u8.ToArray(), deadline);
        }
    }

    private static async Task<StartupPacket?> ReadPacketAsync(Socket client, CancellationToken deadline)
    {
        var word = new byte[4];
        if (!await TryReadExactlyAsync(client, word, deadline))
        {
            return null;
        }

        if (StartupPacket.TryReadLength(word) is not { } length)
        {
            return StartupPacket.InvalidLength();
        }

        var packet = new byte[length];
        word.CopyTo(packet, 0);
        return await TryReadExactlyAsync(client, packet.AsMemory(4), deadline) ? StartupPacket.Parse(packet) : null;
    }

    private static async Task<bool> TryReadExactlyAsync(Socket client, Memory<byte> target, CancellationToken deadline)
    {
        while (!target.IsEmpty)
        {
            var count = await client.ReceiveAsync(target, SocketFlags.None, deadline);
            if (count == 0)
            {
                return false;
            }

            target = target[count..];
        }

        return true;
    }
}
