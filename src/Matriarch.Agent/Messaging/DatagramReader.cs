using System.Buffers.Binary;
using System.Text;
using Matriarch.Core;

namespace Matriarch.Agent;

/// <summary>Reads the fields of a datagram; anything that does not fit is a <see cref="FormatException"/>.</summary>
internal ref struct DatagramReader(ReadOnlySpan<byte> data)
{
    private ReadOnlySpan<byte> _rest = data;

    /// <summary>Whether everything has been read.</summary>
    public readonly bool IsAtEnd => _rest.IsEmpty;

    public byte Byte() => Take(1)[0];

    public bool Bool() => Byte() switch
    {
        0 => false,
        1 => true,
        _ => throw new FormatException("a truth value is 0 or 1"),
    };

    /// <summary>One of an enum's members, told as one byte.</summary>
    public T Enum<T>()
        where T : struct, Enum
    {
        var value = (T)System.Enum.ToObject(typeof(T), Byte());
        return System.Enum.IsDefined(value) ? value : throw new FormatException($"no {typeof(T).Name} has this number");
    }

    public uint UInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64BigEndian(Take(8));

    public string Text() => Encoding.UTF8.GetString(Take(BinaryPrimitives.ReadUInt16BigEndian(Take(2))));

    public NodeId Node()
    {
        var text = Text();
        return text.Length == 0 ? default : new NodeId(text);
    }

    public Term Term() => new(UInt32());

    public WalPosition Position() => new(new Timeline(UInt32()), new Lsn(UInt64()));

    /// <summary>A small count, bounded so that a forged one cannot make us allocate.</summary>
    public int Count(int most)
    {
        var count = Byte();
        return count <= most ? count : throw new FormatException($"more than {most} entries");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            throw new FormatException("the datagram ends too early");
        }

        var span = _rest[..count];
        _rest = _rest[count..];
        return span;
    }
}
