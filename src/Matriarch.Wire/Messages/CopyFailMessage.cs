namespace Matriarch.Wire;

/// <summary>CopyFail: the client gives up its COPY.</summary>
public readonly ref struct CopyFailMessage
{
    private CopyFailMessage(ReadOnlySpan<byte> reason) => Reason = reason;

    /// <summary>In the session's encoding.</summary>
    public ReadOnlySpan<byte> Reason { get; }

    /// <summary>Reads the body; false when it is malformed.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out CopyFailMessage message)
    {
        var reader = new BodyReader(body);
        var isWhole = reader.Text(out var reason) && reader.IsAtEnd;
        message = isWhole ? new CopyFailMessage(reason) : default;
        return isWhole;
    }
}
