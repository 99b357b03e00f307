namespace Matriarch.Wire;

/// <summary>Query: statements in the simple protocol.</summary>
public readonly ref struct QueryMessage
{
    private QueryMessage(ReadOnlySpan<byte> sql) => Sql = sql;

    /// <summary>In the session's encoding.</summary>
    public ReadOnlySpan<byte> Sql { get; }

    /// <summary>Reads the body; false when it is malformed.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out QueryMessage message)
    {
        var reader = new BodyReader(body);
        var isWhole = reader.Text(out var sql) && reader.IsAtEnd;
        message = isWhole ? new QueryMessage(sql) : default;
        return isWhole;
    }
}
