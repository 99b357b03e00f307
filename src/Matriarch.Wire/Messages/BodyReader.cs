using System.Buffers.Binary;

namespace Matriarch.Wire;

/// <summary>
/// Reads the parts of one body in their order; every read says whether the bytes were there. Lengths are compared as
/// unsigned numbers with what is left, before anything is taken.
/// </summary>
internal ref struct BodyReader(ReadOnlySpan<byte> body)
{
    private ReadOnlySpan<byte> _rest = body;

    /// <summary>What has not been read.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    /// <summary>Everything has been read.</summary>
    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>A string, without its zero.</summary>
    public bool Text(out ReadOnlySpan<byte> value)
    {
        var end = _rest.IndexOf((byte)0);
        value = end < 0 ? default : _rest[..end];
        _rest = _rest[(end + 1)..];
        return end >= 0;
    }

    public bool Bytes(uint count, out ReadOnlySpan<byte> value)
    {
        if (count > (uint)_rest.Length)
        {
            value = default;
            return false;
        }

        value = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return true;
    }

    public bool Word8(out byte value)
    {
        var isThere = Bytes(1, out var bytes);
        value = isThere ? bytes[0] : default;
        return isThere;
    }

    public bool Word16(out ushort value)
    {
        var isThere = Bytes(2, out var bytes);
        value = isThere ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : default;
        return isThere;
    }

    public bool Word32(out uint value)
    {
        var isThere = Bytes(4, out var bytes);
        value = isThere ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : default;
        return isThere;
    }

    public bool Word64(out ulong value)
    {
        var isThere = Bytes(8, out var bytes);
        value = isThere ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : default;
        return isThere;
    }

    /// <summary>A count of 16 bits and as many words of 16 bits.</summary>
    public bool Counted16(out Words16 words)
    {
        var isThere = Word16(out var count) & Bytes(2u * count, out var bytes);
        words = isThere ? new Words16(bytes) : default;
        return isThere;
    }

    /// <summary>A count of 16 bits and as many words of 32 bits.</summary>
    public bool Counted32(out Words32 words)
    {
        var isThere = Word16(out var count) & Bytes(4u * count, out var bytes);
        words = isThere ? new Words32(bytes) : default;
        return isThere;
    }

    /// <summary>A count of 16 bits and as many values, each of which is looked at.</summary>
    public bool Values(out FieldValues values)
    {
        values = default;
        if (!Word16(out var count))
        {
            return false;
        }

        var all = _rest;
        for (var i = 0; i < count; i++)
        {
            if (!Value(out _))
            {
                return false;
            }
        }

        values = new FieldValues(count, all[..(all.Length - _rest.Length)]);
        return true;
    }

    /// <summary>A value with its length; -1 stands for SQL null.</summary>
    public bool Value(out FieldValue value)
    {
        value = default;
        if (!Word32(out var length))
        {
            return false;
        }

        if (length == uint.MaxValue)
        {
            value = new FieldValue(default, isNull: true);
            return true;
        }

        var isThere = Bytes(length, out var bytes);
        value = new FieldValue(bytes, isNull: false);
        return isThere;
    }
}
