using System.Globalization;

namespace Matriarch.Core;

/// <summary>
/// PostgreSQL's database system identifier, made by initdb: the identity of an instance. A data directory with another
/// one belongs to a stranger and is refused.
/// </summary>
public readonly record struct SystemIdentifier(ulong Value)
{
    /// <summary>No data directory yet.</summary>
    public static readonly SystemIdentifier None;

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
