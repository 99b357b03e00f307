using Matriarch.Consensus;
using static Matriarch.Agent.Tests.Pictures;

namespace Matriarch.Agent.Tests;

public sealed class NodeStepTests
{
    private static readonly LoopSnapshot Following = Healthy("b").Decided;
    private static readonly DriverReport Quiet = DriverReport.Nothing;

    [Fact]
    public void A_leader_goes_through_its_steps_in_order()
    {
        Assert.Equal("promoting", NodeStep.Of(Following with { Phase = LeadershipPhase.Promoting }, Quiet));
        Assert.Equal(
            "committing-rule",
            NodeStep.Of(Following with { Phase = LeadershipPhase.Open, IsChanging = true }, Quiet));
        Assert.Equal("waiting-for-lease", NodeStep.Of(Following with { Phase = LeadershipPhase.Open }, Quiet));
        Assert.Null(NodeStep.Of(Following with { Phase = LeadershipPhase.Serving, IsChanging = true }, Quiet));
        Assert.Equal("handing-over", NodeStep.Of(Following with { Phase = LeadershipPhase.HandingOver }, Quiet));
    }

    [Fact]
    public void A_voter_is_recruited_only_into_a_term_that_has_no_rule_yet()
    {
        var recruited = new Promise(Three.Next(), PromiseKind.Recruited, B, 9);

        Assert.Equal("recruiting", NodeStep.Of(Following with { Promise = recruited }, Quiet));
        Assert.Null(NodeStep.Of(
            Following with { Promise = recruited, Rule = Rule() with { Term = Three.Next() } }, Quiet));
    }

    [Fact]
    public void A_follower_fetches_rewinds_copies_or_finds_that_its_leader_has_failed()
    {
        var fetching = new Posture.Fetching(Three, C, default);

        Assert.Equal("fetching", NodeStep.Of(Following with { Posture = fetching }, Quiet));
        Assert.Equal("rewinding", NodeStep.Of(Following, Quiet with { Activity = DriverActivity.Rewinding }));
        Assert.Equal("copying", NodeStep.Of(Following, Quiet with { Activity = DriverActivity.Copying }));
        Assert.Equal("detecting", NodeStep.Of(Following with { Verdict = LeaderVerdict.Failed }, Quiet));
        Assert.Null(NodeStep.Of(Following, Quiet));
    }
}
