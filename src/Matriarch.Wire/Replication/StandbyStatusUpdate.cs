using Matriarch.Core;

namespace Matriarch.Wire;

/// <summary>How far a standby is. The flushed position is what synchronous commits wait for.</summary>
/// <param name="Written">The last byte written, plus 1.</param>
/// <param name="Flushed">The last byte durable, plus 1.</param>
/// <param name="Applied">The last byte replayed, plus 1.</param>
/// <param name="SentAt">By the standby's clock, in microseconds since 2000.</param>
/// <param name="WantsReply">The server shall answer at once.</param>
public readonly record struct StandbyStatusUpdate(Lsn Written, Lsn Flushed, Lsn Applied, long SentAt, bool WantsReply)
{
    /// <summary>Reads the content of a CopyData; null when it is none of these.</summary>
    public static StandbyStatusUpdate? TryParse(ReadOnlySpan<byte> copyData)
    {
        var reader = new BodyReader(copyData);
        return reader.Word8(out var code) & reader.Word64(out var written) & reader.Word64(out var flushed)
            & reader.Word64(out var applied) & reader.Word64(out var sent) & reader.Word8(out var reply)
            && reader.IsAtEnd && code == ReplicationCode.StandbyStatusUpdate
            ? new StandbyStatusUpdate(new Lsn(written), new Lsn(flushed), new Lsn(applied), (long)sent, reply != 0)
            : null;
    }

    /// <summary>The whole CopyData message.</summary>
    public byte[] Encode() => new MessageBuffer().Begin(FrontendCode.CopyData, 1 + (4 * 8) + 1)
        .Word8(ReplicationCode.StandbyStatusUpdate).Word64(Written.Value).Word64(Flushed.Value).Word64(Applied.Value)
        .Word64((ulong)SentAt).Word8(WantsReply ? (byte)1 : (byte)0).Bytes.ToArray();
}
