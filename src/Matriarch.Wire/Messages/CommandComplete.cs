using System.Buffers.Text;

namespace Matriarch.Wire;

/// <summary>CommandComplete: a statement is done.</summary>
public readonly ref struct CommandComplete
{
    private CommandComplete(ReadOnlySpan<byte> tag) => Tag = tag;

    /// <summary>Such as <c>INSERT 0 5</c>.</summary>
    public ReadOnlySpan<byte> Tag { get; }

    /// <summary>How many rows it was about, which stands at the end of the tag; null when the command tells
    /// none.</summary>
    public long? Rows
    {
        get
        {
            var digits = Tag[(Tag.LastIndexOf((byte)' ') + 1)..];
            return digits is [>= (byte)'0' and <= (byte)'9', ..]
                && Utf8Parser.TryParse(digits, out long rows, out var length) && length == digits.Length ? rows : null;
        }
    }

    /// <summary>Reads the body; false when it is malformed.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out CommandComplete message)
    {
        var reader = new BodyReader(body);
        var isWhole = reader.Text(out var tag) && reader.IsAtEnd;
        message = isWhole ? new CommandComplete(tag) : default;
        return isWhole;
    }
}
