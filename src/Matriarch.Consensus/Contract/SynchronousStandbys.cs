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

    /// <summary>
    /// What a leader under this rule needs, so that whatever PostgreSQL takes as acknowledged is a quorum of the rule.
    /// PostgreSQL counts names and knows no cells. So either only standbys of other cells are named, enough of them
    /// that they cannot lie in fewer cells than asked for, or all, enough of them that the leader's own cell cannot
    /// make up the number. Taken is what bears the loss of more standbys.
    /// </summary>
    /// <param name="rule">The rule.</param>
    /// <param name="leader">One of its voters.</param>
    /// <param name="leastCopies">At least so many copies, the leader's included, whatever the rule asks for.</param>
    public static SynchronousStandbys For(Rule rule, NodeId leader, int leastCopies = 1) =>
        Among(rule, leader, leastCopies, static _ => true)
        ?? throw new InvariantException($"all voters together are no quorum of {rule}");

    /// <summary>The same with only some of the standbys named; null when they are too few for a quorum.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="leader">One of its voters.</param>
    /// <param name="leastCopies">At least so many copies, the leader's included, whatever the rule asks for.</param>
    /// <param name="mayBeNamed">Which standbys are to be named.</param>
    public static SynchronousStandbys? Among(
        Rule rule, NodeId leader, int leastCopies, Predicate<NodeId> mayBeNamed)
    {
        var copies = Math.Max(rule.RequiredCopies, Math.Min(leastCopies, rule.Voters.Length)) - 1;
        if (copies == 0)
        {
            return None;
        }

        var standbys = rule.Voters.Where(v => v.Node != leader && mayBeNamed(v.Node)).OrderBy(v => v.Node).ToList();
        var cells = rule.RequiredCells;
        if (cells == 1)
        {
            return copies <= standbys.Count ? new SynchronousStandbys(copies, Named(standbys)) : null;
        }

        var home = rule.Voters.FirstOrDefault(v => v.Node == leader).Cell;
        var away = standbys.Where(v => v.Cell != home).ToList();
        // With the biggest cells full, one more lies in another: the leader's cell and so many others are covered.
        var spread = away.GroupBy(v => v.Cell).Select(c => c.Count()).OrderDescending().Take(cells - 2).Sum() + 1;
        var ofAway = Math.Max(copies, spread);
        var ofAll = Math.Max(copies, standbys.Count - away.Count + spread);
        var isAway = away.Count - ofAway >= standbys.Count - ofAll;
        var (count, named) = isAway ? (ofAway, away) : (ofAll, standbys);
        return count <= named.Count ? new SynchronousStandbys(count, Named(named)) : null;
    }

    /// <summary>Whether commits are acknowledged as long as only these standbys are attached.</summary>
    public bool IsMetBy(Predicate<NodeId> isAttached) => Names.Count(n => isAttached(n)) >= Count;

    private static ImmutableArray<NodeId> Named(List<Voter> voters) => [.. voters.Select(v => v.Node)];

    public bool Equals(SynchronousStandbys? other) =>
        other is not null && Count == other.Count && Names.AsSpan().SequenceEqual(other.Names.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Count, Names.Length);

    public override string ToString() => Count == 0 ? "none" : $"ANY {Count} ({string.Join(", ", Names)})";
}
