using System.Numerics;
using Matriarch.Core;

namespace Matriarch.Consensus.Tests;

/// <summary>Whatever PostgreSQL takes as acknowledged under the setting is a quorum of the rule.</summary>
public sealed class SynchronousStandbysTests
{
    [Theory]
    [InlineData("xyz", "majority")]
    [InlineData("xyz", "2-cells")]
    [InlineData("xxy", "2-cells")]
    [InlineData("xxyyz", "2-cells")]
    [InlineData("xxyyz", "3-cells")]
    [InlineData("xxyyyz", "3-cells")]
    [InlineData("xxxyy", "majority:2-cells")]
    [InlineData("xxxxy", "majority:2-cells")]
    [InlineData("xxxx", "2-cells")]
    [InlineData("xyyyyz", "3:2-cells")]
    [InlineData("x", "majority:2-cells")]
    public void Whatever_is_acknowledged_is_a_quorum(string cells, string policy)
    {
        var rule = RuleOf(cells, policy);
        foreach (var leader in rule.Voters)
        {
            var standbys = SynchronousStandbys.For(rule, leader.Node);
            Assert.InRange(standbys.Count, 0, standbys.Names.Length);
            var acknowledging = standbys.Names.Select(n => 1u << (n.Value[0] - 'a')).ToList();
            foreach (var set in Enumerable.Range(0, 1 << acknowledging.Count).Select(s => (uint)s))
            {
                if (BitOperations.PopCount(set) >= standbys.Count)
                {
                    var holders = acknowledging.Where((_, i) => (set >> i & 1) == 1).Aggregate(0u, (a, b) => a | b);
                    Assert.True(
                        rule.IsQuorum(v => v.Node == leader.Node || (holders >> (v.Node.Value[0] - 'a') & 1) == 1),
                        $"{leader.Node}: {standbys} takes {holders:b} for a quorum of {rule}");
                }
            }
        }
    }

    [Theory]
    [InlineData("xxxyy", "majority:2-cells", "ANY 3 (b, c, d, e)")] // bears the loss of one; both of y alone would not
    [InlineData("xyz", "2-cells", "ANY 1 (b, c)")]
    [InlineData("xxy", "2-cells", "ANY 1 (c)")]
    [InlineData("xxyyz", "3-cells", "ANY 3 (c, d, e)")]
    public void What_bears_the_loss_of_more_standbys_is_taken(string cells, string policy, string expected) =>
        Assert.Equal(expected, SynchronousStandbys.For(RuleOf(cells, policy), new NodeId("a")).ToString());

    [Fact]
    public void More_copies_than_the_policy_needs_can_be_asked_for()
    {
        var rule = RuleOf("xyzuv", "2");
        Assert.Equal("ANY 1 (b, c, d, e)", SynchronousStandbys.For(rule, new NodeId("a")).ToString());
        Assert.Equal("ANY 2 (b, c, d, e)", SynchronousStandbys.For(rule, new NodeId("a"), 3).ToString());
        Assert.Equal("ANY 4 (b, c, d, e)", SynchronousStandbys.For(rule, new NodeId("a"), 9).ToString());
    }

    private static Rule RuleOf(string cells, string policy) => new(
        Term.First, 0, new NodeId("a"),
        [.. cells.Select((c, i) => new Voter(
            new NodeId(((char)('a' + i)).ToString()), new Incarnation(1), c.ToString()))],
        DurabilityPolicy.Parse(policy));
}
