using System.Globalization;

namespace Matriarch.Core;

/// <summary>
/// The number of a leadership. At most one node ever leads a term; 0 means that no leadership is known.
/// </summary>
public readonly record struct Term(uint Value) : IComparable<Term>
{
    /// <summary>No leadership.</summary>
    public static readonly Term None;

    /// <summary>The term of the first primary, on the timeline that initdb creates.</summary>
    public static readonly Term First = new(1);

    /// <summary>The term after this one.</summary>
    /// <exception cref="OverflowException">There is no higher timeline id in PostgreSQL.</exception>
    public Term Next() => new(checked(Value + 1));

    /// <summary>The timeline that the leader of this term writes.</summary>
    public Timeline ToTimeline() => new(Value);

    public int CompareTo(Term other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);

    /// <summary>The higher of two.</summary>
    public static Term Max(Term a, Term b) => a > b ? a : b;

    public static bool operator <(Term a, Term b) => a.Value < b.Value;
    public static bool operator >(Term a, Term b) => a.Value > b.Value;
    public static bool operator <=(Term a, Term b) => a.Value <= b.Value;
    public static bool operator >=(Term a, Term b) => a.Value >= b.Value;
}
