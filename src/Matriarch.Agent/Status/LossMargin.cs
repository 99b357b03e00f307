using Matriarch.Core;

namespace Matriarch.Agent;

/// <summary>
/// How many more voters may be lost, whichever they are. Below 0 it is too late already.
/// </summary>
/// <param name="Writes">Standbys that may go before commits wait.</param>
/// <param name="Elections">Voters that may go, the leader among them, before no election can succeed.</param>
internal readonly record struct LossMargin(int Writes, int Elections)
{
    /// <param name="rule">Whose voters count.</param>
    /// <param name="primary">The serving leader, whose own copy is always there; null while nobody serves.</param>
    /// <param name="isThere">Which voters would take part in an election.</param>
    /// <param name="isAttached">Which standbys acknowledge commits.</param>
    public static LossMargin Of(Rule rule, NodeId? primary, Predicate<NodeId> isThere, Predicate<NodeId> isAttached)
    {
        var there = rule.Voters.Where(v => isThere(v.Node)).ToList();
        var copies = rule.Voters.Where(v => v.Node == primary || isAttached(v.Node)).ToList();
        return new LossMargin(OfWrites(rule, primary, copies), OfElections(rule, there));
    }

    /// <summary>Losses break either the number of copies, or the number of cells: the smallest ones first.</summary>
    private static int OfWrites(Rule rule, NodeId? primary, List<Voter> copies)
    {
        var byCopies = copies.Count - rule.RequiredCopies;
        if (rule.Policy.Cells == 1)
        {
            return byCopies;
        }

        var home = copies.FirstOrDefault(v => v.Node == primary).Cell;
        var cells = copies.GroupBy(v => v.Cell).ToList();
        var spare = cells.Count - rule.RequiredCells;
        if (spare < 0)
        {
            return -1;
        }

        var others = cells.Where(c => c.Key != home || primary is null).Select(c => c.Count()).Order().ToList();
        return others.Count <= spare ? byCopies : Math.Min(byCopies, others.Take(spare + 1).Sum() - 1);
    }

    /// <summary>
    /// An election needs a majority, and that those who are missing could not have committed without it.
    /// </summary>
    private static int OfElections(Rule rule, List<Voter> there)
    {
        var byMajority = there.Count - rule.MajorityCount;
        if (rule.Policy.IsAsynchronous)
        {
            return byMajority;
        }

        var missing = rule.Voters.Except(there).ToList();
        var copies = rule.RequiredCopies - missing.Count;
        var cells = rule.Policy.Cells == 1
            ? 0 : rule.RequiredCells - missing.Select(v => v.Cell).Distinct(StringComparer.Ordinal).Count();
        return Math.Min(byMajority, Math.Max(copies, cells) - 1);
    }
}
