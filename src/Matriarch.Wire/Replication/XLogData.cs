using Matriarch.Core;

namespace Matriarch.Wire;

/// <summary>A piece of WAL, or of a logical slot's output; what CopyData carries from the server.</summary>
public readonly ref struct XLogData
{
    /// <summary>Bytes before the data, the code included.</summary>
    public const int HeaderSize = 1 + 8 + 8 + 8;

    private XLogData(Lsn start, Lsn end, long sentAt, ReadOnlySpan<byte> data)
    {
        Start = start;
        End = end;
        SentAt = sentAt;
        Data = data;
    }

    /// <summary>Where the data begins.</summary>
    public Lsn Start { get; }

    /// <summary>Where the server's WAL ends.</summary>
    public Lsn End { get; }

    /// <summary>By the server's clock, in microseconds since 2000.</summary>
    public long SentAt { get; }

    /// <summary>The piece; may break anywhere within a WAL record.</summary>
    public ReadOnlySpan<byte> Data { get; }

    /// <summary>Reads the content of a CopyData; false when it is none of these.</summary>
    public static bool TryRead(ReadOnlySpan<byte> copyData, out XLogData message)
    {
        var reader = new BodyReader(copyData);
        var isWhole = reader.Word8(out var code) & reader.Word64(out var start) & reader.Word64(out var end)
            & reader.Word64(out var sent) && code == ReplicationCode.XLogData;
        message = isWhole ? new XLogData(new Lsn(start), new Lsn(end), (long)sent, reader.Rest) : default;
        return isWhole;
    }

    /// <summary>The whole CopyData message.</summary>
    public static byte[] Encode(Lsn start, Lsn end, long sentAt, ReadOnlySpan<byte> data) =>
        new MessageBuffer().Begin(BackendCode.CopyData, HeaderSize + (long)data.Length)
            .Word8(ReplicationCode.XLogData).Word64(start.Value).Word64(end.Value).Word64((ulong)sentAt).Raw(data)
            .Bytes.ToArray();
}
