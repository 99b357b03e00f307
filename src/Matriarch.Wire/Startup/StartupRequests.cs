using System.Buffers.Binary;

namespace Matriarch.Wire;

/// <summary>The startup packets other than a session's own, as a client sends them.</summary>
public static class StartupRequests
{
    /// <summary>Asks for TLS.</summary>
    public static byte[] Ssl() => Words(8, StartupPacket.SslCode);

    /// <summary>Asks for GSSAPI encryption.</summary>
    public static byte[] GssEncryption() => Words(8, StartupPacket.GssEncryptionCode);

    /// <summary>Asks to cancel what the backend with this key does.</summary>
    public static byte[] Cancel(CancelKey key)
    {
        var packet = new byte[12 + key.Secret.Length];
        Words(packet.Length, StartupPacket.CancelCode).CopyTo(packet, 0);
        BinaryPrimitives.WriteInt32BigEndian(packet.AsSpan(8), key.ProcessId);
        key.Secret.CopyTo(packet.AsSpan(12));
        return packet;
    }

    private static byte[] Words(int length, uint code)
    {
        var packet = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(packet, length);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), code);
        return packet;
    }
}
