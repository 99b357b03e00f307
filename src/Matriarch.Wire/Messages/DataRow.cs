namespace Matriarch.Wire;

/// <summary>DataRow: the values of one row.</summary>
public static class DataRow
{
    /// <summary>Reads the body without a copy; false when it is malformed.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out FieldValues values)
    {
        var reader = new BodyReader(body);
        var isWhole = reader.Values(out values) && reader.IsAtEnd;
        values = isWhole ? values : default;
        return isWhole;
    }

    /// <summary>Reads the body, each value as bytes, null for SQL null; null when it is malformed.</summary>
    public static IReadOnlyList<byte[]?>? TryParse(ReadOnlySpan<byte> body)
    {
        if (!TryRead(body, out var read))
        {
            return null;
        }

        var values = new List<byte[]?>(read.Count);
        foreach (var value in read)
        {
            values.Add(value.ToArray());
        }

        return values;
    }
}
