namespace Matriarch.Wire;

/// <summary>A version of the frontend/backend protocol.</summary>
public readonly record struct ProtocolVersion(ushort Major, ushort Minor)
{
    /// <summary>What every client and server speaks.</summary>
    public static readonly ProtocolVersion Version30 = new(3, 0);

    /// <summary>With variable-length cancel keys (PostgreSQL 18).</summary>
    public static readonly ProtocolVersion Version32 = new(3, 2);

    /// <summary>From the second word of a startup packet.</summary>
    public static ProtocolVersion FromCode(uint code) => new((ushort)(code >> 16), (ushort)code);

    /// <summary>The second word of a startup packet.</summary>
    public uint ToCode() => ((uint)Major << 16) | Minor;

    public override string ToString() => $"{Major}.{Minor}";
}
