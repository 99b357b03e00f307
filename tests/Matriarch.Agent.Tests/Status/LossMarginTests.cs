using Matriarch.Core;

namespace Matriarch.Agent.Tests;

public sealed class LossMarginTests
{
    /// <summary>
    /// Against the definition itself: the largest number of losses of which every choice leaves a quorum, an election.
    /// </summary>
    [Theory]
    [InlineData("a/x b/y c/z", "majority")]
    [InlineData("a/x b/y c/z", "3")]
    [InlineData("a/x b/y c/z", "async")]
    [InlineData("a/x b/x c/y d/y e/z", "majority:2-cells")]
    [InlineData("a/x b/x c/y d/y e/z", "2-cells")]
    [InlineData("a/x b/x c/x d/y e/y", "2-cells")]
    [InlineData("a/x b/y c/z d/z", "3-cells")]
    [InlineData("a/x b/y", "majority")]
    [InlineData("a/x", "majority")]
    public void It_is_what_every_choice_of_losses_leaves(string voters, string policy)
    {
        var rule = new Rule(
            Term.First, 0, new NodeId("a"),
            [.. voters.Split(' ').Select(v => new Voter(new NodeId(v[..1]), new Incarnation(1), v[2..]))],
            DurabilityPolicy.Parse(policy));
        var all = rule.Voters.Select(v => v.Node).ToList();
        for (var mask = 0; mask < 1 << all.Count; mask++)
        {
            var there = all.Where((_, i) => (mask & (1 << i)) != 0).ToList();
            var margin = LossMargin.Of(rule, all[0], there.Contains, there.Contains);

            var elections = Survived(there, left => rule.IsEnough(v => left.Contains(v.Node)));
            Assert.True(
                Math.Max(-1, margin.Elections) == elections, $"elections with {string.Join(' ', there)}: {margin}");

            // The primary's own copy is not lost by a loss of standbys.
            var standbys = there.Where(n => n != all[0]).ToList();
            var writes = Survived(
                standbys, left => rule.IsQuorum(v => v.Node == all[0] || left.Contains(v.Node)));
            var bounded = writes == standbys.Count ? Math.Min(margin.Writes, writes) : Math.Max(-1, margin.Writes);
            Assert.True(bounded == writes, $"writes with {string.Join(' ', there)}: {margin}, not {writes}");
        }
    }

    private static int Survived(List<NodeId> there, Predicate<List<NodeId>> holds)
    {
        for (var losses = 0; losses <= there.Count; losses++)
        {
            for (var mask = 0; mask < 1 << there.Count; mask++)
            {
                if (int.PopCount(mask) == losses
                    && !holds([.. there.Where((_, i) => (mask & (1 << i)) == 0)]))
                {
                    return losses - 1;
                }
            }
        }

        return there.Count;
    }
}
