using System.Buffers.Binary;

namespace Matriarch.Wire;

/// <summary>Formats and other words of 16 bits, in the bytes of the message.</summary>
public readonly ref struct Words16
{
    private readonly ReadOnlySpan<byte> _bytes;

    internal Words16(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>0 to 65,535.</summary>
    public int Count => _bytes.Length / 2;

    /// <exception cref="ArgumentOutOfRangeException">There is none at this place.</exception>
    public short this[int index] => BinaryPrimitives.ReadInt16BigEndian(_bytes.Slice(index * 2, 2));

    /// <summary>The format of a value where these are formats: none stands for text, one for all (PostgreSQL
    /// documentation, "Bind").</summary>
    public short FormatOf(int value) => Count switch
    {
        0 => 0,
        1 => this[0],
        _ => value < Count ? this[value] : (short)0,
    };

    /// <summary>A copy.</summary>
    public short[] ToArray()
    {
        var words = new short[Count];
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = this[i];
        }

        return words;
    }
}
