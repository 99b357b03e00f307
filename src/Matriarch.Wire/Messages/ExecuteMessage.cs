namespace Matriarch.Wire;

/// <summary>Execute: runs a portal.</summary>
public readonly ref struct ExecuteMessage
{
    private ExecuteMessage(ReadOnlySpan<byte> portal, int maxRows)
    {
        Portal = portal;
        MaxRows = maxRows;
    }

    /// <summary>Empty for the unnamed one.</summary>
    public ReadOnlySpan<byte> Portal { get; }

    /// <summary>Zero, or less as PostgreSQL takes it, for all rows.</summary>
    public int MaxRows { get; }

    /// <summary>Reads the body; false when it is malformed.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out ExecuteMessage message)
    {
        var reader = new BodyReader(body);
        var isWhole = reader.Text(out var portal) & reader.Word32(out var rows) && reader.IsAtEnd;
        message = isWhole ? new ExecuteMessage(portal, (int)rows) : default;
        return isWhole;
    }
}
