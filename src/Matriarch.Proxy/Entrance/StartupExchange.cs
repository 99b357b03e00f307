using Matriarch.Wire;

namespace Matriarch.Proxy;

/// <summary>The packets before a session, on the reactor, awaited. Reads not one byte too many.</summary>
internal static class StartupExchange
{
    private static readonly byte[] No = "N"u8.ToArray();

    /// <summary>
    /// The first packet that is no request for encryption; null when the connection was lost. Each kind of request is
    /// refused once, as in PostgreSQL; a repeated one is malformed.
    /// </summary>
    public static async ValueTask<StartupPacket?> ReadAsync(ReactorConnection client)
    {
        var (sslRefused, gssRefused) = (false, false);
        while (true)
        {
            var packet = await ReadPacketAsync(client);
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

            if (!await client.SendAllAsync(No))
            {
                return null;
            }
        }
    }

    private static async ValueTask<StartupPacket?> ReadPacketAsync(ReactorConnection client)
    {
        var word = new byte[4];
        if (!await TryReadAsync(client, word))
        {
            return null;
        }

        if (StartupPacket.TryReadLength(word) is not { } length)
        {
            return StartupPacket.InvalidLength();
        }

        var packet = new byte[length];
        word.CopyTo(packet, 0);
        return await TryReadAsync(client, packet.AsMemory(4)) ? StartupPacket.Parse(packet) : null;
    }

    private static async ValueTask<bool> TryReadAsync(ReactorConnection client, Memory<byte> to)
    {
        while (!to.IsEmpty)
        {
            var count = await client.ReceiveAsync(to);
            if (count <= 0)
            {
                return false;
            }

            to = to[count..];
        }

        return true;
    }
}
