namespace Matriarch.Wire;

/// <summary>What rows a standby's queries still need, so that the primary does not vacuum them away.</summary>
/// <param name="SentAt">By the standby's clock, in microseconds since 2000.</param>
/// <param name="Xmin">The oldest transaction that its queries see; 0 when it sends no more feedback.</param>
/// <param name="XminEpoch">How often the counter had wrapped.</param>
/// <param name="CatalogXmin">The same for catalogs, as its logical slots need it.</param>
/// <param name="CatalogXminEpoch">As above.</param>
public readonly record struct HotStandbyFeedback(
    long SentAt, uint Xmin, uint XminEpoch, uint CatalogXmin, uint CatalogXminEpoch)
{
    /// <summary>Reads the content of a CopyData; null when it is none of these.</summary>
    public static HotStandbyFeedback? TryParse(ReadOnlySpan<byte> copyData)
    {
        var reader = new BodyReader(copyData);
        return reader.Word8(out var code) & reader.Word64(out var sent) & reader.Word32(out var xmin)
            & reader.Word32(out var epoch) & reader.Word32(out var catalog) & reader.Word32(out var catalogEpoch)
            && reader.IsAtEnd && code == ReplicationCode.HotStandbyFeedback
            ? new HotStandbyFeedback((long)sent, xmin, epoch, catalog, catalogEpoch)
            : null;
    }

    /// <summary>The whole CopyData message.</summary>
    public byte[] Encode() => new MessageBuffer().Begin(FrontendCode.CopyData, 1 + 8 + (4 * 4))
        .Word8(ReplicationCode.HotStandbyFeedback).Word64((ulong)SentAt).Word32(Xmin).Word32(XminEpoch)
        .Word32(CatalogXmin).Word32(CatalogXminEpoch).Bytes.ToArray();
}
