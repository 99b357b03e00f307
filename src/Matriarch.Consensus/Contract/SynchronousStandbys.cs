using System.Collections.Immutable;
using Matriarch.Core;

namespace Matriarch.Consensus;

/// <summary>
/// The desired <c>synchronous_standby_names = 'ANY count (names)'</c>; no names means that commits wait for nobody. It
/// is applied on standbys too, ahead of time, so that a promotion never opens a window without it.
/// </summary>
public sealed record SynchronousStandbys(int Count, ImmutableArray<NodeId> Names)
{
    /// <summary>Commits wait for nobody.</summary>
    public static readonly SynchronousStandbys None = new(0, []);

    /// <summary>What a leader under this rule needs.</summary>
    public static SynchronousStandbys For(Rule rule, NodeId leader)
    {
        var count = rule.RequiredCopies - 1;
        return count == 0 ? None : new SynchronousStandbys(count, [.. rule.Standbys(leader)]);
    }

    public bool Equals(SynchronousStandbys? other) =>
        other is not null && Count == other.Count && Names.AsSpan().SequenceEqual(other.Names.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Count, Names.Length);

    public override string ToString() => Count == 0 ? "none" : $"ANY {Count} ({string.Join(", ", Names)})";
}
