using System.Globalization;

namespace Matriarch.Postgres;

/// <summary>
/// A transaction id of PostgreSQL: 32 bits that wrap around, so an order holds only between two that are less than 2^31
/// apart (TransactionIdPrecedes in transam.c), as all that exist at one moment are.
/// </summary>
public readonly record struct Xid(uint Value)
{
    /// <summary>Parses the decimal text form; null for null.</summary>
    /// <exception cref="FormatException">The text is no such number.</exception>
    public static Xid? ParseOrNull(string? text) =>
        text is null ? null : new Xid(uint.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture));

    /// <summary>The later of two.</summary>
    public static Xid Later(Xid a, Xid b) => a.Precedes(b) ? b : a;

    /// <summary>Whether this one was assigned before the other.</summary>
    public bool Precedes(Xid other) => unchecked((int)(Value - other.Value)) < 0;

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
