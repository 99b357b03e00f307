using System.Buffers.Binary;

namespace Matriarch.Fuzz;

/// <summary>A conversation: what either side sent, in its order. The input of every target, and the content of a
/// finding's file: for each part its side, its length in 4 bytes, and its bytes.</summary>
internal sealed record Script(IReadOnlyList<(Side Side, byte[] Bytes)> Parts)
{
    /// <summary>All bytes of one side.</summary>
    public byte[] Of(Side side) => [.. Parts.Where(p => p.Side == side).SelectMany(p => p.Bytes)];

    public byte[] Encode()
    {
        var bytes = new List<byte>();
        Span<byte> length = stackalloc byte[4];
        foreach (var (side, part) in Parts)
        {
            bytes.Add((byte)side);
            BinaryPrimitives.WriteInt32BigEndian(length, part.Length);
            bytes.AddRange(length);
            bytes.AddRange(part);
        }

        return [.. bytes];
    }

    /// <exception cref="FormatException">It is not a finding's file.</exception>
    public static Script Decode(ReadOnlySpan<byte> bytes)
    {
        var parts = new List<(Side, byte[])>();
        while (!bytes.IsEmpty)
        {
            if (bytes.Length < 5 || bytes[0] > (byte)Side.Server
                || BinaryPrimitives.ReadUInt32BigEndian(bytes[1..]) is var length && length > (uint)bytes.Length - 5)
            {
                throw new FormatException("not the parts of a conversation");
            }

            parts.Add(((Side)bytes[0], bytes.Slice(5, (int)length).ToArray()));
            bytes = bytes[(5 + (int)length)..];
        }

        return new Script(parts);
    }
}
