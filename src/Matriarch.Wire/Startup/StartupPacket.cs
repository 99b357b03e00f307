using System.Buffers.Binary;

namespace Matriarch.Wire;

/// <summary>
/// What a client may send first. These packets have no code byte: a length that counts itself, and a word that tells
/// the kinds apart (PostgreSQL documentation, "Message Formats"; ProcessStartupPacket in backend_startup.c).
/// </summary>
public abstract record StartupPacket
{
    /// <summary>Longest packet, its length word included (MAX_STARTUP_PACKET_LENGTH,
    /// src/include/libpq/pqcomm.h).</summary>
    public const int MaxLength = 10_000;

    /// <summary>Shortest packet: two words.</summary>
    public const int MinLength = 8;

    internal const uint CancelCode = (1234u << 16) | 5678;
    internal const uint SslCode = (1234u << 16) | 5679;
    internal const uint GssEncryptionCode = (1234u << 16) | 5680;

    private StartupPacket() { }

    /// <summary>The client would like TLS: answer one byte, S or N.</summary>
    public sealed record SslRequest : StartupPacket;

    /// <summary>The client would like GSSAPI encryption: answer one byte, G or N.</summary>
    public sealed record GssEncryptionRequest : StartupPacket;

    /// <summary>Cancel what the backend with this key does. Nothing is answered.</summary>
    public sealed record CancelRequest(CancelKey Key) : StartupPacket;

    /// <summary>A session in protocol 3.</summary>
    public sealed record Startup(StartupMessage Message) : StartupPacket;

    /// <summary>No packet of this protocol. <paramref name="SqlState"/> and <paramref name="Message"/> are what
    /// PostgreSQL answers.</summary>
    public sealed record Malformed(string SqlState, string Message) : StartupPacket;

    /// <summary>
    /// The length of the packet that starts here, from its first 4 bytes; null when no packet can have it. Asked
    /// before anything else is read or allocated.
    /// </summary>
    public static int? TryReadLength(ReadOnlySpan<byte> first4)
    {
        var length = BinaryPrimitives.ReadUInt32BigEndian(first4);
        return length is < MinLength or > MaxLength ? null : (int)length;
    }

    /// <summary>What to answer when <see cref="TryReadLength"/> gave nothing.</summary>
    public static Malformed InvalidLength() => new(Wire.SqlState.ProtocolViolation, "invalid length of startup packet");

    /// <summary>Parses a whole packet, its length word included. Never throws on what a client sent.</summary>
    public static StartupPacket Parse(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < MinLength || TryReadLength(packet) != packet.Length)
        {
            return InvalidLength();
        }

        var body = packet[8..];
        switch (BinaryPrimitives.ReadUInt32BigEndian(packet[4..]))
        {
            case SslCode:
                return body.IsEmpty ? new SslRequest() : InvalidLength();
            case GssEncryptionCode:
                return body.IsEmpty ? new GssEncryptionRequest() : InvalidLength();
            case CancelCode:
                return CancelKey.TryParse(body) is { } key
                    ? new CancelRequest(key)
                    : new Malformed(Wire.SqlState.ProtocolViolation, "invalid length of cancel request packet");
            case var code:
                return ParseStartup(ProtocolVersion.FromCode(code), body);
        }
    }

    private static StartupPacket ParseStartup(ProtocolVersion version, ReadOnlySpan<byte> body)
    {
        if (version.Major != 3)
        {
            return new Malformed(
                Wire.SqlState.FeatureNotSupported,
                $"unsupported frontend protocol {version}: server supports "
                    + $"{ProtocolVersion.Version30} to {ProtocolVersion.Version32}");
        }

        return StartupMessage.TryParse(version, body) is { } message
            ? new Startup(message)
            : new Malformed(
                Wire.SqlState.ProtocolViolation, "invalid startup packet layout: expected terminator as last byte");
    }
}
