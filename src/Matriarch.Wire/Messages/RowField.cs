using System.Buffers.Binary;

namespace Matriarch.Wire;

/// <summary>A column of a RowDescription, in the bytes of the message.</summary>
public readonly ref struct RowField
{
    internal const int FixedSize = 4 + 2 + 4 + 2 + 4 + 2;

    private readonly ReadOnlySpan<byte> _fixed;

    internal RowField(ReadOnlySpan<byte> name, ReadOnlySpan<byte> rest)
    {
        Name = name;
        _fixed = rest;
    }

    /// <summary>In the session's encoding.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>Object id of the table; 0 when it is no column of one.</summary>
    public uint Table => BinaryPrimitives.ReadUInt32BigEndian(_fixed);

    /// <summary>Of the column in its table; 0 as above.</summary>
    public short Number => BinaryPrimitives.ReadInt16BigEndian(_fixed[4..]);

    /// <summary>Object id.</summary>
    public uint Type => BinaryPrimitives.ReadUInt32BigEndian(_fixed[6..]);

    /// <summary>Bytes; negative for types of any length.</summary>
    public short TypeSize => BinaryPrimitives.ReadInt16BigEndian(_fixed[10..]);

    /// <summary>Of the type; -1 for none.</summary>
    public int TypeModifier => BinaryPrimitives.ReadInt32BigEndian(_fixed[12..]);

    /// <summary>0 text, 1 binary; 0 also where it is not known yet (Describe of a statement).</summary>
    public short Format => BinaryPrimitives.ReadInt16BigEndian(_fixed[16..]);

    /// <summary>A copy.</summary>
    public RowColumn ToColumn() => new(Name.ToArray(), Type, TypeSize)
    {
        Table = Table, Number = Number, TypeModifier = TypeModifier, Format = Format,
    };
}
