using System.Buffers.Binary;

namespace Matriarch.Wire;

/// <summary>The five bytes before every message after startup: a code, and a length that counts itself but not the
/// code.</summary>
/// <param name="Code">See <see cref="FrontendCode"/> and <see cref="BackendCode"/>.</param>
/// <param name="BodyLength">Bytes that follow the header, 0 to <see cref="MaxBodyLength"/>.</param>
public readonly record struct MessageHeader(byte Code, int BodyLength)
{
    /// <summary>Bytes of a header.</summary>
    public const int Size = 5;

    /// <summary>
    /// PostgreSQL reads no message above 1 GB - 1 (PQ_LARGE_MESSAGE_LIMIT, src/include/libpq/libpq.h) and builds none
    /// either (MaxAllocSize). The sum with a header therefore never overflows an int.
    /// </summary>
    public const int MaxBodyLength = 0x3FFFFFFF - 4;

    /// <summary>Header and body.</summary>
    public int TotalLength => Size + BodyLength;

    /// <summary>Reads the header at the start of <paramref name="data"/>.</summary>
    public static HeaderRead TryRead(ReadOnlySpan<byte> data, out MessageHeader header)
    {
        header = default;
        if (data.Length < Size)
        {
            return HeaderRead.Incomplete;
        }

        // Unsigned: a negative length becomes a huge one and is refused by the same comparison.
        var length = BinaryPrimitives.ReadUInt32BigEndian(data[1..]);
        if (length is < 4 or > MaxBodyLength + 4u)
        {
            return HeaderRead.Invalid;
        }

        header = new MessageHeader(data[0], (int)length - 4);
        return HeaderRead.Ok;
    }

    /// <summary>Writes the header; <paramref name="target"/> has at least <see cref="Size"/> bytes.</summary>
    public void Write(Span<byte> target)
    {
        target[0] = Code;
        BinaryPrimitives.WriteInt32BigEndian(target[1..], BodyLength + 4);
    }
}
