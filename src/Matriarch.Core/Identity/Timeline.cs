using System.Globalization;

namespace Matriarch.Core;

/// <summary>
/// A PostgreSQL timeline id. In Matriarch a promotion at term T creates timeline T and nothing else does, so two
/// leaderships can never share an id (docs/architecture.md). Ancestry is decided by history files, never by comparing
/// ids.
/// </summary>
public readonly record struct Timeline(uint Value) : IComparable<Timeline>
{
    /// <summary>The term whose leadership created this timeline.</summary>
    public Term ToTerm() => new(Value);

    public int CompareTo(Timeline other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);

    public static bool operator <(Timeline a, Timeline b) => a.Value < b.Value;
    public static bool operator >(Timeline a, Timeline b) => a.Value > b.Value;
    public static bool operator <=(Timeline a, Timeline b) => a.Value <= b.Value;
    public static bool operator >=(Timeline a, Timeline b) => a.Value >= b.Value;
}
