namespace Matriarch.Wire;

/// <summary>Bind: gives a prepared statement its values, which makes a portal.</summary>
public readonly ref struct BindMessage
{
    private BindMessage(
        ReadOnlySpan<byte> portal, ReadOnlySpan<byte> statement, Words16 formats, FieldValues values, Words16 results)
    {
        Portal = portal;
        Statement = statement;
        Formats = formats;
        Values = values;
        ResultFormats = results;
    }

    /// <summary>Empty for the unnamed one.</summary>
    public ReadOnlySpan<byte> Portal { get; }

    /// <summary>Empty for the unnamed one.</summary>
    public ReadOnlySpan<byte> Statement { get; }

    /// <summary>0 text, 1 binary. Should be none, one, or one for each value: a server says so, not this
    /// reader.</summary>
    public Words16 Formats { get; }

    /// <summary>The values of the parameters.</summary>
    public FieldValues Values { get; }

    /// <summary>The formats that the columns of the result shall have.</summary>
    public Words16 ResultFormats { get; }

    /// <summary>Reads the body; false when it is malformed.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out BindMessage message)
    {
        var reader = new BodyReader(body);
        var isWhole = reader.Text(out var portal) & reader.Text(out var statement) & reader.Counted16(out var formats)
            & reader.Values(out var values) & reader.Counted16(out var results) && reader.IsAtEnd;
        message = isWhole ? new BindMessage(portal, statement, formats, values, results) : default;
        return isWhole;
    }
}
