namespace Matriarch.Wire;

/// <summary>FunctionCall: runs a function by its object id.</summary>
public readonly ref struct FunctionCallMessage
{
    private FunctionCallMessage(uint function, Words16 formats, FieldValues values, short resultFormat)
    {
        Function = function;
        Formats = formats;
        Values = values;
        ResultFormat = resultFormat;
    }

    /// <summary>Object id.</summary>
    public uint Function { get; }

    /// <summary>As in <see cref="BindMessage"/>.</summary>
    public Words16 Formats { get; }

    /// <summary>The arguments.</summary>
    public FieldValues Values { get; }

    /// <summary>0 text, 1 binary.</summary>
    public short ResultFormat { get; }

    /// <summary>Reads the body; false when it is malformed.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out FunctionCallMessage message)
    {
        var reader = new BodyReader(body);
        var isWhole = reader.Word32(out var function) & reader.Counted16(out var formats)
            & reader.Values(out var values) & reader.Word16(out var result) && reader.IsAtEnd;
        message = isWhole ? new FunctionCallMessage(function, formats, values, (short)result) : default;
        return isWhole;
    }
}
