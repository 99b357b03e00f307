using System.Buffers.Binary;

namespace Matriarch.Wire;

/// <summary>Object ids and other words of 32 bits, in the bytes of the message.</summary>
public readonly ref struct Words32
{
    private readonly ReadOnlySpan<byte> _bytes;

    internal Words32(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>0 to 65,535.</summary>
    public int Count => _bytes.Length / 4;

    /// <exception cref="ArgumentOutOfRangeException">There is none at this place.</exception>
    public uint this[int index] => BinaryPrimitives.ReadUInt32BigEndian(_bytes.Slice(index * 4, 4));

    /// <summary>A copy.</summary>
    public uint[] ToArray()
    {
        var words = new uint[Count];
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = this[i];
        }

        return words;
    }
}
