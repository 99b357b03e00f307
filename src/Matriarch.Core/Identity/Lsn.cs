using System.Globalization;

namespace Matriarch.Core;

/// <summary>
/// A log sequence number: a byte position in the write-ahead log of one timeline (PostgreSQL <c>pg_lsn</c>).
/// Printed as PostgreSQL does, <c>16/B374D848</c>.
/// </summary>
public readonly record struct Lsn(ulong Value) : IComparable<Lsn>
{
    /// <summary>The invalid position, <c>0/0</c>: before any WAL.</summary>
    public static readonly Lsn Zero;

    /// <summary>Parses PostgreSQL's text form.</summary>
    /// <exception cref="FormatException">The text is not two hexadecimal halves around a slash.</exception>
    public static Lsn Parse(string text) =>
        TryParse(text, out var lsn) ? lsn : throw new FormatException($"\"{text}\" is not an LSN such as 16/B374D848");

    /// <summary>Parses PostgreSQL's text form; false when it is not one.</summary>
    public static bool TryParse(string? text, out Lsn lsn)
    {
        lsn = Zero;
        var slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (slash < 1
            || !uint.TryParse(text.AsSpan(0, slash), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
                out var high)
            || !uint.TryParse(text.AsSpan(slash + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
                out var low))
        {
            return false;
        }

        lsn = new Lsn(((ulong)high << 32) | low);
        return true;
    }

    /// <summary>Bytes from <paramref name="earlier"/> to this position; 0 when this one is not ahead.</summary>
    public long BytesAfter(Lsn earlier) => Value > earlier.Value ? (long)(Value - earlier.Value) : 0;

    public int CompareTo(Lsn other) => Value.CompareTo(other.Value);

    public override string ToString() => $"{Value >> 32:X}/{Value & 0xFFFFFFFF:X}";

    public static bool operator <(Lsn a, Lsn b) => a.Value < b.Value;
    public static bool operator >(Lsn a, Lsn b) => a.Value > b.Value;
    public static bool operator <=(Lsn a, Lsn b) => a.Value <= b.Value;
    public static bool operator >=(Lsn a, Lsn b) => a.Value >= b.Value;
}
