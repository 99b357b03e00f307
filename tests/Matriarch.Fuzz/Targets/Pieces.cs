using Matriarch.Wire;

namespace Matriarch.Fuzz;

/// <summary>Bytes as they arrive.</summary>
internal static class Pieces
{
    /// <summary>The same bytes in pieces of any length: often whole, sometimes byte by byte.</summary>
    public static IEnumerable<byte[]> Of(byte[] bytes, Random random)
    {
        var longest = random.Next(4) switch { 0 => 3, 1 => 40, 2 => 4096, _ => int.MaxValue };
        if (bytes.Length > 20_000)
        {
            longest = Math.Max(longest, 4096);
        }

        var at = 0;
        while (at < bytes.Length)
        {
            var length = Math.Min(bytes.Length - at, longest == int.MaxValue ? longest : random.Next(1, longest + 1));
            yield return bytes[at..(at + length)];
            at += length;
        }
    }

    /// <summary>The whole messages at the start of the bytes.</summary>
    public static IEnumerable<(byte Code, byte[] Body)> Messages(byte[] bytes)
    {
        var at = 0;
        while (MessageHeader.TryRead(bytes.AsSpan(at), out var header) == HeaderRead.Ok
            && header.TotalLength <= bytes.Length - at)
        {
            yield return (header.Code, bytes[(at + MessageHeader.Size)..(at + header.TotalLength)]);
            at += header.TotalLength;
        }
    }
}
