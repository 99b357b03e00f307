namespace Matriarch.Wire;

/// <summary>SASLInitialResponse: the client's choice of a mechanism. Which message a <c>p</c> is, only the state of the
/// login tells.</summary>
public readonly ref struct SaslInitialResponse
{
    private SaslInitialResponse(ReadOnlySpan<byte> mechanism, FieldValue data)
    {
        Mechanism = mechanism;
        Data = data;
    }

    /// <summary>Its name.</summary>
    public ReadOnlySpan<byte> Mechanism { get; }

    /// <summary>The mechanism's first message; null when the client waits to be asked.</summary>
    public FieldValue Data { get; }

    /// <summary>Reads the body; false when it is malformed.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out SaslInitialResponse message)
    {
        var reader = new BodyReader(body);
        var isWhole = reader.Text(out var mechanism) & reader.Value(out var data) && reader.IsAtEnd;
        message = isWhole ? new SaslInitialResponse(mechanism, data) : default;
        return isWhole;
    }
}
