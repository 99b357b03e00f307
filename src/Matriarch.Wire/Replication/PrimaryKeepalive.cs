using Matriarch.Core;

namespace Matriarch.Wire;

/// <summary>The server's sign of life between pieces of WAL.</summary>
/// <param name="End">Where its WAL ends.</param>
/// <param name="SentAt">By its clock, in microseconds since 2000.</param>
/// <param name="WantsReply">It will give up the connection unless it hears soon.</param>
public readonly record struct PrimaryKeepalive(Lsn End, long SentAt, bool WantsReply)
{
    /// <summary>Reads the content of a CopyData; null when it is none of these.</summary>
    public static PrimaryKeepalive? TryParse(ReadOnlySpan<byte> copyData)
    {
        var reader = new BodyReader(copyData);
        return reader.Word8(out var code) & reader.Word64(out var end) & reader.Word64(out var sent)
            & reader.Word8(out var reply) && reader.IsAtEnd && code == ReplicationCode.PrimaryKeepalive
            ? new PrimaryKeepalive(new Lsn(end), (long)sent, reply != 0)
            : null;
    }

    /// <summary>The whole CopyData message.</summary>
    public byte[] Encode() => new MessageBuffer().Begin(BackendCode.CopyData, 1 + 8 + 8 + 1)
        .Word8(ReplicationCode.PrimaryKeepalive).Word64(End.Value).Word64((ulong)SentAt)
        .Word8(WantsReply ? (byte)1 : (byte)0).Bytes.ToArray();
}
