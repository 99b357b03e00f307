using System.Buffers.Binary;
using Matriarch.Wire;

namespace Matriarch.Fuzz;

/// <summary>Damages valid conversations: the same seed and number always make the same script.</summary>
internal sealed class Mutator(int seed)
{
    private const int MostBytes = 64 * 1024;
    private const int MostMutations = 6;

    private static readonly uint[] Words =
        [0, 1, 3, 4, 5, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x3FFFFFFF, 0x40000000, 0x7FFFFFFF, 0x80000000,
            0xFFFFFFFE, 0xFFFFFFFF];

    /// <summary>Draws what belongs to one number.</summary>
    public Random RandomOf(long number)
    {
        // SplitMix64: neighbours have nothing in common.
        var mixed = ((ulong)seed << 32) ^ (ulong)number;
        mixed = (mixed + 0x9E3779B97F4A7C15) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return new Random((int)(mixed ^ (mixed >> 31)));
    }

    /// <summary>The script of a number, and the draws that go on from it.</summary>
    public (Script Script, Random Random) Make(long number)
    {
        var random = RandomOf(number);
        var parts = Choose(random).Parts.ToList();
        if (random.Next(4) == 0)
        {
            Splice(parts, Choose(random).Parts, random);
        }

        for (var n = random.Next(MostMutations + 1); n > 0 && parts.Count > 0; n--)
        {
            Mutate(parts, random);
        }

        return (new Script(parts), random);
    }

    private static Script Choose(Random random) => Conversations.All[random.Next(Conversations.All.Count)];

    /// <summary>The beginning of one and the end of the other.</summary>
    private static void Splice(
        List<(Side Side, byte[] Bytes)> parts, IReadOnlyList<(Side Side, byte[] Bytes)> others, Random random)
    {
        var cut = random.Next(parts.Count + 1);
        parts.RemoveRange(cut, parts.Count - cut);
        parts.AddRange(others.Skip(random.Next(others.Count)));
    }

    private static void Mutate(List<(Side Side, byte[] Bytes)> parts, Random random)
    {
        var at = random.Next(parts.Count);
        var (side, bytes) = parts[at];
        switch (random.Next(20))
        {
            case 0:
                parts.RemoveAt(at);
                break;
            case 1 when parts.Sum(p => p.Bytes.Length) + bytes.Length < MostBytes:
                parts.Insert(at, parts[at]);
                break;
            case 2:
                var other = random.Next(parts.Count);
                (parts[at], parts[other]) = (parts[other], parts[at]);
                break;
            case 3:
                parts[at] = ((Side)random.Next(3), bytes); // said by another
                break;
            default:
                var changed = Change(bytes, random);
                parts[at] = (side, changed.Length > MostBytes ? bytes : changed);
                break;
        }
    }

    private static byte[] Change(byte[] bytes, Random random)
    {
        var at = random.Next(bytes.Length + 1);
        var count = random.Next(1, 1 + Math.Min(16, Math.Max(1, bytes.Length)));
        var changed = (byte[])bytes.Clone();
        switch (random.Next(10))
        {
            case 0 when at < bytes.Length:
                changed[at] ^= (byte)(1 << random.Next(8));
                return changed;
            case 1 when at < bytes.Length:
                changed[at] = (byte)Words[random.Next(Words.Length)];
                return changed;
            case 2 when at + 4 <= bytes.Length:
                BinaryPrimitives.WriteUInt32BigEndian(changed.AsSpan(at), Words[random.Next(Words.Length)]);
                return changed;
            case 3 when at + 2 <= bytes.Length:
                BinaryPrimitives.WriteUInt16BigEndian(changed.AsSpan(at), (ushort)Words[random.Next(Words.Length)]);
                return changed;
            case 4:
                return bytes[..at]; // truncated
            case 5:
                return [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + count)..]]; // a piece lost
            case 6:
                return [.. bytes[..at], .. Drawn(count, random), .. bytes[at..]]; // and one too many
            case 7:
                var from = random.Next(bytes.Length + 1);
                return [.. bytes[..at], .. bytes.Skip(from).Take(count * 4), .. bytes[at..]]; // repeated elsewhere
            default:
                return ChangeMessage(changed, random);
        }
    }

    /// <summary>Something about a whole message: its length, its code, its place.</summary>
    private static byte[] ChangeMessage(byte[] bytes, Random random)
    {
        var starts = StartsOf(bytes);
        if (starts.Count == 0)
        {
            return bytes;
        }

        var (start, length) = starts[random.Next(starts.Count)];
        var message = bytes.AsSpan(start, length);
        switch (random.Next(5))
        {
            case 0:
                BinaryPrimitives.WriteUInt32BigEndian(message[1..], Words[random.Next(Words.Length)]);
                return bytes;
            case 1:
                BinaryPrimitives.WriteInt32BigEndian(message[1..], length - 1 + random.Next(-3, 4));
                return bytes;
            case 2:
                message[0] = bytes[starts[random.Next(starts.Count)].Start];
                return bytes;
            case 3: // a body that is cut, under an honest length
                var kept = random.Next(length - MessageHeader.Size + 1);
                BinaryPrimitives.WriteInt32BigEndian(message[1..], kept + 4);
                return [.. bytes[..(start + MessageHeader.Size + kept)], .. bytes[(start + length)..]];
            default: // twice
                return [.. bytes[..start], .. message, .. bytes[start..]];
        }
    }

    private static List<(int Start, int Length)> StartsOf(byte[] bytes)
    {
        var starts = new List<(int, int)>();
        var at = 0;
        while (MessageHeader.TryRead(bytes.AsSpan(at), out var header) == HeaderRead.Ok
            && header.TotalLength <= bytes.Length - at)
        {
            starts.Add((at, header.TotalLength));
            at += header.TotalLength;
        }

        return starts;
    }

    private static byte[] Drawn(int count, Random random)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
