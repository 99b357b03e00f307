namespace Matriarch.Wire;

/// <summary>CopyInResponse, CopyOutResponse or CopyBothResponse: copy data comes next.</summary>
public readonly ref struct CopyResponse
{
    private CopyResponse(byte format, Words16 columns)
    {
        Format = format;
        ColumnFormats = columns;
    }

    /// <summary>0 text, 1 binary.</summary>
    public byte Format { get; }

    /// <summary>One for each column.</summary>
    public Words16 ColumnFormats { get; }

    /// <summary>Reads the body; false when it is malformed.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out CopyResponse message)
    {
        var reader = new BodyReader(body);
        var isWhole = reader.Word8(out var format) & reader.Counted16(out var columns) && reader.IsAtEnd;
        message = isWhole ? new CopyResponse(format, columns) : default;
        return isWhole;
    }
}
