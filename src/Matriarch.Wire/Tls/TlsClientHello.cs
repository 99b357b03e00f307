namespace Matriarch.Wire;

/// <summary>
/// The first message of a TLS connection, as far as it tells which protocol the client wants to speak inside: ALPN
/// (RFC 7301; the message is that of RFC 8446, 4.1.2, and the records around it of 5.1).
/// </summary>
public static class TlsClientHello
{
    /// <summary>The name of PostgreSQL's protocol (PG_ALPN_PROTOCOL).</summary>
    public const string Alpn = "postgresql";

    /// <summary>Longest hello that is read, in bytes of records: those of clients have some hundreds, with post-quantum
    /// keys below 2,000.</summary>
    public const int MaxLength = 16 * 1024;

    private const int RecordHeader = 5;
    private const int HandshakeHeader = 4;
    private const int MostRecord = 1 << 14;
    private const byte HandshakeRecord = 22;
    private const byte ClientHello = 1;
    private const ushort AlpnExtension = 16;

    /// <summary>Reads the hello at the start of a connection.</summary>
    /// <param name="received">From the first byte of the connection.</param>
    /// <param name="namesPostgres">It names <see cref="Alpn"/> among its protocols.</param>
    public static HeaderRead TryRead(ReadOnlySpan<byte> received, out bool namesPostgres)
    {
        namesPostgres = false;
        var (records, isWhole) = Gather(received);
        if (records is null)
        {
            return HeaderRead.Invalid;
        }

        if (!isWhole)
        {
            return received.Length >= MaxLength ? HeaderRead.Invalid : HeaderRead.Incomplete;
        }

        var length = (records[1] << 16) | (records[2] << 8) | records[3];
        return TryFindAlpn(records.AsSpan(HandshakeHeader, length), out namesPostgres)
            ? HeaderRead.Ok : HeaderRead.Invalid;
    }

    /// <summary>What the records carry, which may break the message anywhere; null when they are none, or carry
    /// something else.</summary>
    private static (byte[]? Content, bool IsWhole) Gather(ReadOnlySpan<byte> received)
    {
        var content = new List<byte>(Math.Min(received.Length, MaxLength));
        while (true)
        {
            if (content.Count > 0 && content[0] != ClientHello)
            {
                return (null, false);
            }

            if (content.Count >= HandshakeHeader)
            {
                var needed = HandshakeHeader + (content[1] << 16) + (content[2] << 8) + content[3];
                if (needed > MaxLength || content.Count >= needed)
                {
                    return (needed > MaxLength ? null : content.ToArray(), true);
                }
            }

            if (received is not [] and not [HandshakeRecord, ..] || received is [_, not 3, ..])
            {
                return (null, false);
            }

            if (received.Length < RecordHeader)
            {
                return ([], false);
            }

            var length = (received[3] << 8) | received[4];
            if (length is 0 or > MostRecord)
            {
                return (null, false);
            }

            var part = received[RecordHeader..];
            part = part[..Math.Min(length, part.Length)];
            content.AddRange(part);
            received = received[(RecordHeader + part.Length)..];
            if (part.Length < length)
            {
                // The rest of this record is yet to come: only what is wrong already can be said.
                return (content.Count > 0 && content[0] != ClientHello ? null : [], false);
            }
        }
    }

    // legacy_version, random, legacy_session_id, cipher_suites, legacy_compression_methods, extensions
    private static bool TryFindAlpn(ReadOnlySpan<byte> hello, out bool namesPostgres)
    {
        namesPostgres = false;
        var reader = new BodyReader(hello);
        if (!reader.Bytes(2 + 32, out _)
            || !reader.Word8(out var session) || session > 32 || !reader.Bytes(session, out _)
            || !reader.Word16(out var suites) || !reader.Bytes(suites, out _)
            || !reader.Word8(out var compressions) || !reader.Bytes(compressions, out _))
        {
            return false;
        }

        if (reader.IsAtEnd)
        {
            return true; // TLS 1.2 may come without extensions
        }

        if (!reader.Word16(out var length) || length != reader.Rest.Length)
        {
            return false;
        }

        while (!reader.IsAtEnd)
        {
            if (!reader.Word16(out var type) || !reader.Word16(out var size) || !reader.Bytes(size, out var extension)
                || (type == AlpnExtension && !TryFindName(extension, out namesPostgres)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryFindName(ReadOnlySpan<byte> extension, out bool namesPostgres)
    {
        namesPostgres = false;
        var reader = new BodyReader(extension);
        if (!reader.Word16(out var length) || length != reader.Rest.Length)
        {
            return false;
        }

        while (!reader.IsAtEnd)
        {
            if (!reader.Word8(out var size) || size == 0 || !reader.Bytes(size, out var name))
            {
                return false;
            }

            namesPostgres |= name.SequenceEqual("postgresql"u8);
        }

        return true;
    }
}
