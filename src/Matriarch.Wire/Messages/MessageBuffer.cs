using System.Buffers;
using System.Buffers.Binary;

namespace Matriarch.Wire;

/// <summary>What both writers build messages with.</summary>
internal sealed class MessageBuffer
{
    private readonly ArrayBufferWriter<byte> _buffer = new();

    public ReadOnlyMemory<byte> Bytes => _buffer.WrittenMemory;

    public void Clear() => _buffer.ResetWrittenCount();

    /// <summary>A header; as many bytes of body must follow.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No message can be that long.</exception>
    public MessageBuffer Begin(byte code, long bodyLength)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bodyLength, MessageHeader.MaxBodyLength);
        new MessageHeader(code, (int)bodyLength).Write(_buffer.GetSpan(MessageHeader.Size));
        _buffer.Advance(MessageHeader.Size);
        return this;
    }

    public MessageBuffer Raw(ReadOnlySpan<byte> bytes)
    {
        _buffer.Write(bytes);
        return this;
    }

    /// <summary>Bytes and a zero.</summary>
    public MessageBuffer Text(ReadOnlySpan<byte> text) => Raw(text).Word8(0);

    public MessageBuffer Word8(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
        return this;
    }

    public MessageBuffer Word16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_buffer.GetSpan(2), value);
        _buffer.Advance(2);
        return this;
    }

    public MessageBuffer Word32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_buffer.GetSpan(4), value);
        _buffer.Advance(4);
        return this;
    }

    public MessageBuffer Word64(ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(_buffer.GetSpan(8), value);
        _buffer.Advance(8);
        return this;
    }

    /// <summary>A count of 16 bits, then so many words of 16 bits.</summary>
    /// <exception cref="OverflowException">More than 65,535.</exception>
    public MessageBuffer Counted16(ReadOnlySpan<short> words)
    {
        Word16(checked((ushort)words.Length));
        foreach (var word in words)
        {
            Word16((ushort)word);
        }

        return this;
    }

    /// <summary>A count of 16 bits, then so many words of 32 bits.</summary>
    /// <exception cref="OverflowException">More than 65,535.</exception>
    public MessageBuffer Counted32(ReadOnlySpan<uint> words)
    {
        Word16(checked((ushort)words.Length));
        foreach (var word in words)
        {
            Word32(word);
        }

        return this;
    }

    /// <summary>A value with its length, or -1 for SQL null.</summary>
    public MessageBuffer Value(ReadOnlyMemory<byte>? value) =>
        value is { } bytes ? Word32((uint)bytes.Length).Raw(bytes.Span) : Word32(uint.MaxValue);

    /// <summary>A count of 16 bits, then so many values.</summary>
    /// <exception cref="OverflowException">More than 65,535.</exception>
    public MessageBuffer Values(ReadOnlySpan<ReadOnlyMemory<byte>?> values)
    {
        Word16(checked((ushort)values.Length));
        foreach (var value in values)
        {
            Value(value);
        }

        return this;
    }

    /// <summary>Bytes that <see cref="Values"/> takes.</summary>
    public static long LengthOf(ReadOnlySpan<ReadOnlyMemory<byte>?> values)
    {
        var length = 2L;
        foreach (var value in values)
        {
            length += 4 + (value?.Length ?? 0);
        }

        return length;
    }
}
