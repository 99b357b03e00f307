namespace Matriarch.Wire;

/// <summary>One value of a row or of parameters.</summary>
public readonly ref struct FieldValue
{
    internal FieldValue(ReadOnlySpan<byte> bytes, bool isNull)
    {
        Bytes = bytes;
        IsNull = isNull;
    }

    /// <summary>SQL null, which has no bytes.</summary>
    public bool IsNull { get; }

    /// <summary>In the format that the message or an earlier one says.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>A copy; null for SQL null.</summary>
    public byte[]? ToArray() => IsNull ? null : Bytes.ToArray();
}
