namespace Matriarch.Wire;

/// <summary>FunctionCallResponse: what a function gave.</summary>
public static class FunctionCallResponse
{
    /// <summary>Reads the body; false when it is malformed.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out FieldValue value)
    {
        var reader = new BodyReader(body);
        var isWhole = reader.Value(out value) && reader.IsAtEnd;
        value = isWhole ? value : default;
        return isWhole;
    }
}
