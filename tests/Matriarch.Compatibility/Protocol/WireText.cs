using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Matriarch.Compatibility;

/// <summary>The body of a message, put together field by field; not the product's own writer, which is to be
/// judged.</summary>
internal sealed class WireText
{
    private const int ShownBytes = 2000;
    private readonly List<byte> _bytes = [];

    public WireText Byte(byte value)
    {
        _bytes.Add(value);
        return this;
    }

    public WireText Int16(int value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteInt16BigEndian(bytes, (short)value);
        _bytes.AddRange(bytes);
        return this;
    }

    public WireText Int32(int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        _bytes.AddRange(bytes);
        return this;
    }

    /// <summary>Ended by a zero.</summary>
    public WireText Text(string value) => Plain(value).Byte(0);

    /// <summary>Without an end.</summary>
    public WireText Plain(string value)
    {
        _bytes.AddRange(Encoding.UTF8.GetBytes(value));
        return this;
    }

    /// <summary>After its length; -1 for null.</summary>
    public WireText Sized(string? value) =>
        value is null ? Int32(-1) : Int32(Encoding.UTF8.GetByteCount(value)).Plain(value);

    /// <summary>The values of Bind and FunctionCall.</summary>
    public WireText Values(IReadOnlyList<string?> values)
    {
        Int16(values.Count);
        foreach (var value in values)
        {
            Sized(value);
        }

        return this;
    }

    public byte[] ToArray() => [.. _bytes];

    /// <summary>Readable bytes as they are, others as \xNN; what is long is cut and its length told.</summary>
    public static string Show(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        foreach (var b in bytes[..Math.Min(bytes.Length, ShownBytes)])
        {
            text.Append(b is >= 32 and < 127 and not (byte)'\\'
                ? ((char)b).ToString()
                : string.Create(CultureInfo.InvariantCulture, $"\\x{b:x2}"));
        }

        return bytes.Length <= ShownBytes ? text.ToString() : $"{text}… {bytes.Length} bytes";
    }
}
