namespace Matriarch.Wire;

/// <summary>A column for a RowDescription that is to be written.</summary>
/// <param name="Name">In the session's encoding, without a zero.</param>
/// <param name="Type">Object id.</param>
/// <param name="TypeSize">Bytes; negative for types of any length.</param>
public readonly record struct RowColumn(ReadOnlyMemory<byte> Name, uint Type, short TypeSize)
{
    /// <summary>Object id of the type <c>text</c>.</summary>
    public const uint TextType = 25;

    /// <summary>Object id of the table; 0 when it is no column of one.</summary>
    public uint Table { get; init; }

    /// <summary>Of the column in its table; 0 as above.</summary>
    public short Number { get; init; }

    /// <summary>Of the type; -1 for none.</summary>
    public int TypeModifier { get; init; } = -1;

    /// <summary>0 text, 1 binary.</summary>
    public short Format { get; init; }

    /// <summary>A column of texts.</summary>
    public static RowColumn Text(string name) => new(System.Text.Encoding.UTF8.GetBytes(name), TextType, -1);
}
