using System.Buffers.Binary;

namespace Matriarch.Wire;

/// <summary>The values of one DataRow message, as bytes; null for SQL null.</summary>
public static class DataRow
{
    /// <summary>Reads the body; null when it is malformed.</summary>
    public static IReadOnlyList<byte[]?>? TryParse(ReadOnlySpan<byte> body)
    {
        if (body.Length < 2)
        {
            return null;
        }

        var count = BinaryPrimitives.ReadUInt16BigEndian(body);
        var rest = body[2..];
        var values = new List<byte[]?>();
        for (var i = 0; i < count; i++)
        {
            if (rest.Length < 4)
            {
                return null;
            }

            var length = BinaryPrimitives.ReadInt32BigEndian(rest);
            rest = rest[4..];
            if (length > rest.Length || length < -1)
            {
                return null;
            }

            values.Add(length < 0 ? null : rest[..length].ToArray());
            rest = rest[Math.Max(length, 0)..];
        }

        return rest.IsEmpty ? values : null;
    }
}
