namespace Matriarch.Wire;

/// <summary>Parse: prepares a statement.</summary>
public readonly ref struct ParseMessage
{
    private ParseMessage(ReadOnlySpan<byte> name, ReadOnlySpan<byte> sql, Words32 types)
    {
        Name = name;
        Sql = sql;
        Types = types;
    }

    /// <summary>Of the statement; empty for the unnamed one.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>In the session's encoding.</summary>
    public ReadOnlySpan<byte> Sql { get; }

    /// <summary>Object ids of the parameters' types, 0 for the server to find out; may be fewer than there
    /// are.</summary>
    public Words32 Types { get; }

    /// <summary>Reads the body; false when it is malformed.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out ParseMessage message)
    {
        var reader = new BodyReader(body);
        var isWhole = reader.Text(out var name) & reader.Text(out var sql) & reader.Counted32(out var types)
            && reader.IsAtEnd;
        message = isWhole ? new ParseMessage(name, sql, types) : default;
        return isWhole;
    }
}
