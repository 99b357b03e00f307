using System.Numerics;

namespace Matriarch.Core.Tests;

/// <summary>Quorums are checked over all sets of voters (as bit masks), for every size up to nine and every
/// policy.</summary>
public sealed class RuleTests
{
    private const int MostVoters = 9;

    public static TheoryData<int, string> SizesAndPolicies()
    {
        var data = new TheoryData<int, string>();
        for (var voters = 1; voters <= MostVoters; voters++)
        {
            data.Add(voters, "majority");
            data.Add(voters, "async");
            for (var copies = 2; copies <= voters + 1; copies++)
            {
                data.Add(voters, $"{copies}");
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(SizesAndPolicies))]
    public void Any_two_recruitments_that_are_enough_share_a_voter(int voters, string policy)
    {
        var enough = Sets(voters).Where(RuleOf(voters, policy), isEnough: true);
        Assert.All(enough, a => Assert.All(enough, b => Assert.NotEqual(0u, a & b)));
    }

    [Theory]
    [MemberData(nameof(SizesAndPolicies))]
    public void Enough_voters_share_one_with_every_set_that_could_have_acknowledged_a_commit(int voters, string policy)
    {
        var rule = RuleOf(voters, policy);
        if (rule.Policy.IsAsynchronous)
        {
            return; // a failover may lose writes: that is what asynchronous means
        }

        var commits = Sets(voters).Where(s => BitOperations.PopCount(s) >= rule.RequiredCopies).ToList();
        foreach (var recruited in Sets(voters).Where(rule, isEnough: true))
        {
            Assert.DoesNotContain(commits, commit => (commit & recruited) == 0);
        }
    }

    [Theory]
    [MemberData(nameof(SizesAndPolicies))]
    public void Not_enough_means_that_a_majority_or_a_whole_commit_quorum_is_outside(int voters, string policy)
    {
        var rule = RuleOf(voters, policy);
        foreach (var recruited in Sets(voters).Where(rule, isEnough: false))
        {
            var outside = voters - BitOperations.PopCount(recruited);
            Assert.True(
                outside * 2 >= voters || (!rule.Policy.IsAsynchronous && outside >= rule.RequiredCopies),
                $"{rule}: {voters - outside} recruits were refused although safe");
        }
    }

    [Theory]
    [MemberData(nameof(SizesAndPolicies))]
    public void All_voters_are_enough_none_is_not_and_more_are_never_worse(int voters, string policy)
    {
        var rule = RuleOf(voters, policy);
        Assert.True(rule.IsEnough(_ => true));
        Assert.False(rule.IsEnough(_ => false));
        Assert.InRange(rule.RequiredCopies, 1, voters);
        for (var recruited = 1; recruited <= voters; recruited++)
        {
            Assert.True(!rule.IsEnough(First(recruited - 1)) || rule.IsEnough(First(recruited)));
        }
    }

    [Theory]
    [InlineData(3, "majority", 2)]
    [InlineData(4, "majority", 3)]
    [InlineData(5, "majority", 3)]
    [InlineData(5, "async", 3)]
    [InlineData(5, "2", 4)] // two of the other three could have acknowledged
    [InlineData(5, "3", 3)]
    [InlineData(5, "5", 3)]
    [InlineData(2, "majority", 2)]
    public void The_fewest_that_are_enough(int voters, string policy, int fewest)
    {
        var rule = RuleOf(voters, policy);
        Assert.Equal(fewest, Enumerable.Range(0, voters + 1).First(n => rule.IsEnough(First(n))));
    }

    [Fact]
    public void A_voter_counts_only_in_its_incarnation()
    {
        var rule = RuleOf(2, "majority");
        Assert.True(rule.HasVoter(new NodeId("a"), new Incarnation(1)));
        Assert.False(rule.HasVoter(new NodeId("a"), new Incarnation(2)));
        Assert.True(rule.HasVoter(new NodeId("a")));
        Assert.False(rule.HasVoter(new NodeId("c")));
    }

    [Fact]
    public void A_rule_is_newer_by_term_then_by_revision()
    {
        var rule = RuleOf(3, "majority") with { Term = new Term(5), Revision = 2 };
        Assert.True(rule.IsNewerThan(null));
        Assert.True(rule.IsNewerThan(rule with { Term = new Term(4), Revision = 9 }));
        Assert.True(rule.IsNewerThan(rule with { Revision = 1 }));
        Assert.False(rule.IsNewerThan(rule));
        Assert.False(rule.IsNewerThan(rule with { Revision = 3 }));
        Assert.False(rule.IsNewerThan(rule with { Term = new Term(6), Revision = 0 }));
    }

    [Fact]
    public void Rules_are_equal_by_their_voters_too()
    {
        Assert.Equal(RuleOf(3, "majority"), RuleOf(3, "majority"));
        Assert.Equal(RuleOf(3, "majority").GetHashCode(), RuleOf(3, "majority").GetHashCode());
        Assert.NotEqual(RuleOf(3, "majority"), RuleOf(2, "majority"));
        Assert.NotEqual(RuleOf(3, "majority"), RuleOf(3, "2"));
    }

    /// <summary>Cells are dealt out by the pattern, one letter for each voter.</summary>
    [Theory]
    [InlineData("xyz", "2-cells", "ab", true)]
    [InlineData("xxy", "2-cells", "ab", false)]
    [InlineData("xxy", "2-cells", "ac", true)]
    [InlineData("xxyy", "majority:2-cells", "abc", true)]
    [InlineData("xxxyy", "majority:2-cells", "abc", false)]
    [InlineData("xxx", "2-cells", "ab", true)] // there is but one cell, so one is enough
    public void A_quorum_lies_in_as_many_cells_as_the_policy_asks_for(
        string cells, string policy, string holders, bool isQuorum)
    {
        var rule = RuleOf(cells.Length, policy);
        rule = rule with { Voters = [.. rule.Voters.Select((v, i) => v with { Cell = cells[i..(i + 1)] })] };
        Assert.Equal(isQuorum, rule.IsQuorum(v => holders.Contains(v.Node.Value, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("xxyyz", "2-cells")]
    [InlineData("xxyyz", "3-cells")]
    [InlineData("xxxyy", "majority:2-cells")]
    [InlineData("xyz", "3:2-cells")]
    public void Enough_voters_share_one_with_every_quorum_over_cells(string cells, string policy)
    {
        var rule = RuleOf(cells.Length, policy);
        rule = rule with { Voters = [.. rule.Voters.Select((v, i) => v with { Cell = cells[i..(i + 1)] })] };
        var quorums = Sets(cells.Length).Where(s => rule.IsQuorum(v => Has(s, v))).ToList();
        Assert.NotEmpty(quorums);
        foreach (var recruited in Sets(cells.Length).Where(rule, isEnough: true))
        {
            Assert.DoesNotContain(quorums, quorum => (quorum & recruited) == 0);
        }
    }

    internal static bool Has(uint set, Voter voter) => (set >> (voter.Node.Value[0] - 'a') & 1) == 1;

    private static Predicate<Voter> First(int voters) => v => v.Node.Value[0] - 'a' < voters;

    private static Rule RuleOf(int voters, string policy) => new(
        Term.First, 0, new NodeId("a"),
        [.. Enumerable.Range(0, voters).Select(i => new Voter(new NodeId($"{(char)('a' + i)}"), new Incarnation(1)))],
        DurabilityPolicy.Parse(policy));

    private static IEnumerable<uint> Sets(int voters) => Enumerable.Range(0, 1 << voters).Select(s => (uint)s);
}

/// <summary>Sets of voters by what a rule says of them.</summary>
internal static class RecruitmentExtensions
{
    public static List<uint> Where(this IEnumerable<uint> sets, Rule rule, bool isEnough) =>
        [.. sets.Where(s => rule.IsEnough(v => RuleTests.Has(s, v)) == isEnough)];
}
