using System.Buffers.Binary;
using System.Text;
using Matriarch.Core;

namespace Matriarch.Agent;

/// <summary>Writes the fields of a datagram, big-endian, into a fixed buffer.</summary>
internal ref struct DatagramWriter(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    public void Byte(byte value) => Take(1)[0] = value;

    public void Bool(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void UInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Take(4), value);

    public void UInt64(ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Take(8), value);

    /// <summary>Up to 65,535 bytes of UTF-8.</summary>
    public void Text(string value)
    {
        var bytes = Encoding.UTF8.GetByteCount(value);
        BinaryPrimitives.WriteUInt16BigEndian(Take(2), checked((ushort)bytes));
        Encoding.UTF8.GetBytes(value, Take(bytes));
    }

    public void Node(NodeId value) => Text(value.Value);

    public void Term(Term value) => UInt32(value.Value);

    public void Position(WalPosition value)
    {
        UInt32(value.Timeline.Value);
        UInt64(value.Lsn.Value);
    }

    private Span<byte> Take(int count)
    {
        Invariant.Holds(Length + count <= _buffer.Length, "a datagram fits its buffer");
        var span = _buffer.Slice(Length, count);
        Length += count;
        return span;
    }
}
