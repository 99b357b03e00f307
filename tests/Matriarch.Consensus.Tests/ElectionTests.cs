using System.Collections.Immutable;
using Matriarch.Core;

namespace Matriarch.Consensus.Tests;

/// <summary>Scripts of failovers: who stands, who joins, who leads, and what is said when.</summary>
public sealed class ElectionTests
{
    [Fact]
    public void When_the_primary_falls_silent_the_most_advanced_replica_leads_the_next_term()
    {
        var bench = new Bench(3).Serving();
        bench["b"].Reach(3, 1300, bench["b"].Node.Rule!);
        bench.Cut("a");
        bench.Pass(1100);
        Assert.Equal(PromiseKind.Recruited, bench["b"].Node.Promise.Kind);
        Assert.Equal(new Term(4), bench["c"].Node.Promise.Term);
        Assert.Equal(new Posture.Detached(new Term(4)), bench["c"].Posture);
        bench["c"].Reach(3, 1100, bench["c"].Node.Rule!);
        bench["b"].Reach(3, 1300, bench["b"].Node.Rule!);
        bench.Pass(200);
        Assert.Equal(new Posture.Leading(new Term(4)), bench["b"].Posture);
        Assert.Null(bench["a"].Serving);
    }

    [Fact]
    public void A_new_leader_serves_only_with_its_row_on_a_quorum_and_after_the_old_lease()
    {
        var bench = FailedOverToB();
        var b = bench["b"];
        b.Reach(4, 1400, b.Node.Rule!);
        bench.Pass(100);
        Assert.Equal(new Term(4), b.Writing!.Term);
        b.Take(new ConsensusEvent.RuleWaiting(b.Writing));
        Assert.Equal(LeadershipPhase.Open, b.Node.Phase);
        bench.Pass(200);
        Assert.Equal(new Posture.Following(new Term(4), new NodeId("b")), bench["c"].Posture);
        b.Take(new ConsensusEvent.RuleWritten(b.Writing, new Lsn(1500), true));
        bench.Pass(2000);
        Assert.False(b.Node.IsServing, "it served although no follower had said that it holds the row");
        bench["c"].Reach(4, 1500, b.Writing);
        bench.Pass(200);
        Assert.True(b.Node.IsServing);
    }

    [Fact]
    public void A_commit_that_nobody_waited_for_is_no_proof_and_in_the_end_costs_the_leadership()
    {
        var bench = FailedOverToB();
        var b = bench["b"];
        b.Reach(4, 1400, b.Node.Rule!);
        for (var i = 0; i < 40 && b.Node.Phase is not null; i++)
        {
            bench.Pass(100);
            b.Take(new ConsensusEvent.RuleWritten(b.Writing!, new Lsn(1500), false));
        }

        Assert.Null(b.Node.Phase);
        Assert.Contains(b.Notices, n => n.Text.Contains("do not wait", StringComparison.Ordinal));
    }

    [Fact]
    public void A_voter_that_hears_the_primary_joins_no_election()
    {
        var bench = new Bench(3).Serving();
        bench["c"].Take(new ConsensusEvent.Received(new NodeId("b"), new Message.Recruit(new Term(9), 77)));
        var refusal = bench["c"].Outbox.Select(o => o.Message).OfType<Message.NotRecruited>().Single();
        Assert.Equal(RefusalReason.LeaderHealthy, refusal.Reason);
        Assert.Equal(new Term(3), bench["c"].Node.Promise.Term);
    }

    [Fact]
    public void A_recruit_tells_its_position_only_when_its_promise_is_durable_and_it_is_detached()
    {
        var bench = new Bench(3).Serving();
        bench.Cut("a");
        bench.Pass(940, m => m is Message.Recruit);
        var c = bench["c"];
        bench.Pass(100, m => m is Message.Recruit);
        c.DiskIsStuck = true;
        c.Take(new ConsensusEvent.Received(new NodeId("b"), new Message.Recruit(new Term(9), 77)));
        c.Reach(3, 1234, bench.Rule);
        Assert.DoesNotContain(c.Outbox, o => o.Message is Message.Recruited);
        c.Take(new ConsensusEvent.Persisted(c.Node.Promise));
        var answer = c.Outbox.Select(o => o.Message).OfType<Message.Recruited>().Single();
        Assert.Equal((new Term(9), 77ul, new Lsn(1234)), (answer.Term, answer.Nonce, answer.Position.Lsn));
    }

    [Fact]
    public void A_rewound_node_answers_nobody_until_it_has_caught_up()
    {
        var bench = new Bench(3).Serving();
        bench.Cut("a");
        bench.Pass(1100);
        bench["c"].Reach(3, 900, bench.Rule, counts: false);
        Assert.DoesNotContain(bench["c"].Outbox, o => o.Message is Message.Recruited);
        bench["c"].Reach(3, 1100, bench.Rule);
        Assert.Contains(bench["c"].Outbox, o => o.Message is Message.Recruited);
    }

    [Fact]
    public void Without_a_quorum_nobody_is_disturbed_and_the_operator_is_told_once()
    {
        var bench = new Bench(3).Serving();
        bench.Cut("a");
        bench.Cut("c");
        bench.Pass(8000);
        Assert.Equal(new Term(3), bench["b"].Node.Promise.Term);
        Assert.Single(bench["b"].Notices, n => n.Kind == "no-quorum");
    }

    [Fact]
    public void A_voter_that_does_not_know_the_row_which_made_it_one_is_still_counted()
    {
        var bench = new Bench(2);
        var before = bench.Rule with { Voters = [bench.Rule.Voters[0]] };
        bench["a"].Reach(3, 1100, bench.Rule);
        bench["b"].Reach(3, 1000, before);
        bench.Pass(2000);
        bench["a"].Reach(3, 1100, bench.Rule);
        bench["b"].Reach(3, 1000, before);
        bench.Pass(200);
        Assert.Equal(new Posture.Leading(new Term(4)), bench["a"].Posture);
    }

    [Fact]
    public void An_appointment_that_a_crash_kept_from_the_disk_is_given_up_for_good()
    {
        var bench = new Bench(3).Serving();
        bench.Cut("a");
        bench.Pass(1100);
        var b = bench["b"];
        b.DiskIsStuck = true;
        bench["c"].Reach(3, 1100, bench.Rule);
        b.Reach(3, 1100, bench.Rule);
        bench.Pass(200);
        Assert.Equal(new Leadership(new Term(4), b.Id), bench["c"].Node.Known);
        Assert.Equal(PromiseKind.Recruited, b.Disk.Kind);
        b.DiskIsStuck = false;
        b.Restart();
        bench.Pass(20);
        b.Reach(3, 1100, bench.Rule);
        bench["c"].Reach(3, 1100, bench.Rule);
        bench.Pass(400);
        Assert.True(b.Node.Promise.Term > new Term(4), $"nobody stands: {b.Node.Promise}, {b.Node.CurrentVerdict}");
    }

    [Fact]
    public void Who_has_joined_a_coordinator_that_is_heard_does_not_stand_beside_it()
    {
        var bench = new Bench(3).Serving();
        bench.Cut("a");
        bench.Pass(1100);
        var (b, c) = (bench["b"], bench["c"]);
        Assert.Equal((PromiseKind.Recruited, b.Id), (c.Node.Promise.Kind, c.Node.Promise.Node));

        // Neither has detached yet: a busy machine takes longer than anybody's back-off.
        bench.Pass(3000);
        Assert.Equal(new Term(4), c.Node.Promise.Term);
        c.Reach(3, 1100, bench.Rule);
        b.Reach(3, 1100, bench.Rule);
        bench.Pass(200);
        Assert.Equal(new Posture.Leading(new Term(4)), b.Posture);
    }

    [Fact]
    public void Who_has_joined_a_coordinator_that_falls_silent_stands_itself()
    {
        var bench = new Bench(5).Serving();
        bench.Cut("a");
        bench.Pass(1100);
        var c = bench["c"];
        Assert.Equal(new NodeId("b"), c.Node.Promise.Node);
        bench.Cut("b");
        bench.Pass(2000);
        Assert.True(c.Node.Promise.Term > new Term(4), $"nobody stands: {c.Node.Promise}, {c.Node.CurrentVerdict}");
    }

    [Fact]
    public void A_coordinator_that_is_heard_but_gave_up_keeps_its_recruits_no_longer_than_a_recruitment_lasts()
    {
        var bench = new Bench(5).Serving();
        bench.Cut("a");
        bench.Pass(1100);
        var (b, c) = (bench["b"], bench["c"]);
        Assert.Equal(b.Id, c.Node.Promise.Node);
        b.Take(new ConsensusEvent.QuiesceAsked(true));
        bench.Pass(4000);
        Assert.Equal(new Term(4), c.Node.Promise.Term);
        bench.Pass(2000);
        Assert.True(c.Node.Promise.Term > new Term(4), $"nobody stands: {c.Node.Promise}, {c.Node.CurrentVerdict}");
    }

    /// <summary>b is promised and appointed for term 4 and wants to be its primary; c is recruited.</summary>
    private static Bench FailedOverToB()
    {
        var bench = new Bench(3).Serving();
        bench.Cut("a");
        bench.Pass(1100);
        bench["c"].Reach(3, 1100, bench["c"].Node.Rule!);
        bench["b"].Reach(3, 1100, bench["b"].Node.Rule!);
        bench.Pass(200);
        Assert.Equal(new Posture.Leading(new Term(4)), bench["b"].Posture);
        return bench;
    }
}
