using FsCheck;
using FsCheck.Fluent;

namespace Matriarch.Wire.Tests;

/// <summary>Values for messages, drawn by FsCheck.</summary>
internal static class Generated
{
    /// <summary>A text without a zero.</summary>
    public static readonly Gen<byte[]> Text =
        ArbMap.Default.GeneratorFor<byte[]>().Select(b => b.Where(x => x != 0).ToArray());

    /// <summary>Formats.</summary>
    public static readonly Gen<short[]> Formats = ArbMap.Default.GeneratorFor<short[]>();

    /// <summary>Object ids.</summary>
    public static readonly Gen<uint[]> Types = ArbMap.Default.GeneratorFor<uint[]>();

    /// <summary>Values, some of them SQL null.</summary>
    public static readonly Gen<byte[]?[]> Values = Gen.OneOf(
        ArbMap.Default.GeneratorFor<byte[]>().Select(b => (byte[]?)b), Gen.Constant((byte[]?)null)).ArrayOf();

    /// <summary>Two of a kind.</summary>
    public static Gen<(T First, T Second)> Twice<T>(this Gen<T> gen) => gen.Zip(gen, (a, b) => (a, b));

    /// <summary>For a writer.</summary>
    public static ReadOnlyMemory<byte>?[] Memory(this byte[]?[] values) =>
        [.. values.Select(v => v is null ? (ReadOnlyMemory<byte>?)null : v)];

    /// <summary>From a reader.</summary>
    public static byte[]?[] Read(FieldValues values)
    {
        var list = new List<byte[]?>();
        foreach (var value in values)
        {
            list.Add(value.ToArray());
        }

        Assert.Equal(values.Count, list.Count);
        return [.. list];
    }

    public static bool Same(byte[]?[] a, byte[]?[] b) => a.Length == b.Length
        && a.Zip(b).All(p => p is (null, null) or (not null, not null)
            && (p.First ?? []).AsSpan().SequenceEqual(p.Second));

    /// <summary>The body of the only message; its header is right.</summary>
    public static byte[] BodyOf(ReadOnlyMemory<byte> message, byte code)
    {
        Assert.Equal(HeaderRead.Ok, MessageHeader.TryRead(message.Span, out var header));
        Assert.Equal((code, message.Length), (header.Code, header.TotalLength));
        return message[MessageHeader.Size..].ToArray();
    }

    /// <summary>The body is malformed when it is cut at any byte, or has one more.</summary>
    public static void AssertStrict(byte[] body, Func<byte[], bool> reads)
    {
        Assert.True(reads(body));
        Assert.False(reads([.. body, 1]), "one byte more");
        for (var length = 0; length < body.Length; length++)
        {
            Assert.False(reads(body[..length]), $"cut at {length} of {body.Length}");
        }
    }
}
