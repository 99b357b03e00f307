using Matriarch.Core;

namespace Matriarch.Consensus.Tests;

/// <summary>What operators ask and set: policies, removals, priorities, and the way out without a majority.</summary>
public sealed class OperatorTests
{
    [Fact]
    public void A_looser_policy_is_in_force_once_a_majority_holds_its_row_though_a_voter_is_gone()
    {
        var bench = new Bench(3, "3").Serving();
        var a = bench["a"];
        bench.Cut("c");
        bench.Pass(1200);
        a.Take(new ConsensusEvent.PolicyAsked(DurabilityPolicy.Majority, 1));
        Assert.Null(a.Refusal);
        Assert.Equal("ANY 2 (b, c)", a.Standbys.ToString());
        bench.ReachAll(1100, bench.Rule);
        bench.Pass(40);
        Assert.Equal(DurabilityPolicy.Majority, a.Writing!.Policy);
        Assert.False(a.WritingWaits, "the row would wait for the voter that is gone");
        a.Take(new ConsensusEvent.RuleWritten(a.Writing, new Lsn(1200), false));
        bench.Pass(200);
        Assert.Equal("ANY 2 (b, c)", a.Standbys.ToString());
        bench["b"].Reach(3, 1200, a.Writing);
        bench.Pass(200);
        Assert.Equal("ANY 1 (b, c)", a.Standbys.ToString());
    }

    [Theory]
    [InlineData("4", "there are 3")]
    [InlineData("2-cells", "they are in 1")]
    public void A_policy_that_cannot_be_kept_is_refused(string policy, string because)
    {
        var a = new Bench(3).Serving()["a"];
        a.Take(new ConsensusEvent.PolicyAsked(DurabilityPolicy.Parse(policy), 1));
        Assert.Contains(because, a.Refusal, StringComparison.Ordinal);
        Assert.Null(a.Node.Rule!.Policy == DurabilityPolicy.Majority ? null : a.Node.Rule);
    }

    [Fact]
    public void A_policy_that_the_living_voters_cannot_keep_is_refused()
    {
        var bench = new Bench(3).Serving();
        bench.Cut("c");
        bench.Pass(1200);
        bench["a"].Take(new ConsensusEvent.PolicyAsked(DurabilityPolicy.Copies(3), 1));
        Assert.Contains("writes would stop", bench["a"].Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_a_node_whose_agent_is_silent_can_be_removed()
    {
        var bench = new Bench(3).Serving();
        var a = bench["a"];
        a.Take(new ConsensusEvent.RemovalAsked(new NodeId("c"), 1));
        Assert.Contains("is running", a.Refusal, StringComparison.Ordinal);
        a.Take(new ConsensusEvent.RemovalAsked(new NodeId("a"), 2));
        Assert.Contains("is the primary", a.Refusal, StringComparison.Ordinal);
        a.Take(new ConsensusEvent.RemovalAsked(new NodeId("x"), 3));
        Assert.Contains("no node x", a.Refusal, StringComparison.Ordinal);

        bench.Cut("c");
        bench.Pass(1200);
        a.Take(new ConsensusEvent.RemovalAsked(new NodeId("c"), 4));
        Assert.Null(a.Refusal);
        bench.Pass(40);
        bench.ReachAll(1100, bench.Rule);
        bench.Pass(40);
        Assert.Equal(["a", "b"], a.Writing!.Voters.Select(v => v.Node.Value));
        a.Take(new ConsensusEvent.RuleWritten(a.Writing, new Lsn(1200), false));
        bench["b"].Reach(3, 1200, a.Writing);
        bench.Pass(200);
        Assert.Equal("ANY 1 (b)", a.Standbys.ToString());
    }

    [Fact]
    public void The_last_voter_that_makes_a_quorum_is_not_removed()
    {
        var bench = new Bench(2, "async").Serving();
        bench.Cut("b");
        bench["a"].Take(new ConsensusEvent.RemovalAsked(new NodeId("b"), 1));
        Assert.NotNull(bench["a"].Refusal);
    }

    [Fact]
    public void A_preferred_candidate_fetches_what_it_lacks_before_it_leads()
    {
        var bench = FallenSilent(neverLeads: "b");
        bench["b"].Reach(3, 1300, bench.Rule);
        bench["c"].Reach(3, 1100, bench.Rule);
        bench.Pass(200);
        var goal = new Posture.Fetching(
            new Term(4), new NodeId("b"), new WalPosition(new Timeline(3), new Lsn(1300)));
        Assert.Equal(goal, bench["c"].Posture);
        Assert.Equal(PromiseKind.Recruited, bench["c"].Disk.Kind);

        bench["c"].Reach(3, 1300, bench.Rule);
        bench.Pass(100);
        Assert.Equal(new Posture.Detached(new Term(4)), bench["c"].Posture);
        Assert.Equal(PromiseKind.Recruited, bench["c"].Disk.Kind);
        bench["c"].Reach(3, 1300, bench.Rule);
        bench.Pass(100);
        Assert.Equal(new Posture.Leading(new Term(4)), bench["c"].Posture);
    }

    [Fact]
    public void A_candidate_promoted_by_hand_while_it_fetches_does_not_lead()
    {
        var bench = FallenSilent(neverLeads: "b");
        bench["b"].Reach(3, 1300, bench.Rule);
        bench["c"].Reach(3, 1100, bench.Rule);
        bench.Pass(200);
        bench["c"].Reach(5, 1300, bench.Rule);
        bench.Pass(600);
        bench["c"].Reach(5, 1300, bench.Rule);
        bench.Pass(100);
        Assert.IsNotType<Posture.Leading>(bench["c"].Posture);
    }

    [Fact]
    public void Without_a_majority_one_node_goes_on_alone_only_when_a_person_says_so()
    {
        var bench = new Bench(3).Serving();
        var b = bench["b"];
        b.Take(new ConsensusEvent.RecoveryAsked(1));
        Assert.Contains("may still lead", b.Refusal, StringComparison.Ordinal);
        bench.Cut("a");
        bench.Cut("c");
        bench.Pass(3000);
        Assert.Equal(new Term(3), b.Node.Promise.Term);
        b.Take(new ConsensusEvent.RecoveryAsked(2));
        Assert.Null(b.Refusal);
        b.Reach(3, 1100, bench.Rule);
        bench.Pass(200);
        Assert.Equal(new Posture.Leading(new Term(4)), b.Posture);
        Assert.Equal("none", b.Standbys.ToString());
        Assert.True(b.HasReported("forced-recovery"));
    }

    [Fact]
    public void Recovery_is_refused_while_an_election_would_succeed()
    {
        var bench = FallenSilent(neverLeads: null);
        bench["b"].Take(new ConsensusEvent.RecoveryAsked(1));
        Assert.NotNull(bench["b"].Refusal);
    }

    [Fact]
    public void A_primary_that_is_set_never_to_lead_hands_over()
    {
        var bench = new Bench(3, neverLeads: "a").Settled();
        Assert.True(bench["a"].HasReported("switchover-started"), "it goes on leading");
    }

    /// <summary>a is cut off, and b and c have promised term 4 to one of them.</summary>
    private static Bench FallenSilent(string? neverLeads)
    {
        var bench = new Bench(3, neverLeads: neverLeads).Serving();
        bench.Cut("a");
        bench.Pass(1400);
        Assert.Equal(new Posture.Detached(new Term(4)), bench["b"].Posture);
        return bench;
    }
}
