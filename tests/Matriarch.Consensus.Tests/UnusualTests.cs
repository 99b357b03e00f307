using Matriarch.Core;

namespace Matriarch.Consensus.Tests;

/// <summary>Scripts of what is rare: rivals, restarts in each phase, stuck promises, hands that promote.</summary>
public sealed class UnusualTests
{
    [Fact]
    public void Of_two_coordinators_of_one_term_at_most_one_gets_enough()
    {
        var bench = new Bench(3).Serving();
        bench.Cut("a");
        bench.Pass(940, m => m is Message.Recruit);
        bench.Pass(100, m => m is Message.Recruit);
        var c = bench["c"];
        c.Take(new ConsensusEvent.Received(new NodeId("b"), new Message.Recruit(new Term(9), 77)));
        c.Take(new ConsensusEvent.Received(new NodeId("a"), new Message.Recruit(new Term(9), 88)));
        var refusal = c.Outbox.Select(o => o.Message).OfType<Message.NotRecruited>().Single();
        Assert.Equal((RefusalReason.PromisedHigher, 88ul), (refusal.Reason, refusal.Nonce));
        var first = new Promise(new Term(9), PromiseKind.Recruited, bench["b"].Id, 77) { Accepted = new Term(3) };
        Assert.Equal(first, c.Disk);
    }

    [Fact]
    public void In_asynchronous_mode_a_leader_serves_without_waiting_commits_but_not_without_a_majority()
    {
        var bench = FailedOverToB("async");
        var b = bench["b"];
        Assert.Equal(SynchronousStandbys.None, b.Standbys);
        b.Reach(4, 1400, b.Node.Rule!);
        bench.Pass(100);
        b.Take(new ConsensusEvent.RuleWritten(b.Writing!, new Lsn(1500), false));
        bench.Pass(2000);
        Assert.False(b.Node.IsServing, "it served although its row is on no majority");
        bench["c"].Reach(4, 1500, b.Writing!);
        bench.Pass(200);
        Assert.True(b.Node.IsServing);
    }

    [Theory]
    [InlineData("promised")]
    [InlineData("appointed")]
    [InlineData("promoted")]
    [InlineData("row written")]
    public void A_leader_to_be_whose_agent_restarts_serves_its_term_or_gives_it_up_and_never_both(string phase)
    {
        var bench = new Bench(3).Serving();
        var (b, c) = (bench["b"], bench["c"]);
        bench.Cut("a");
        bench.Pass(1100);
        if (phase != "promised")
        {
            c.Reach(3, 1100, c.Node.Rule!);
            b.Reach(3, 1100, b.Node.Rule!);
            bench.Pass(200);
        }

        var isPrimary = phase is "promoted" or "row written";
        var row = bench.Rule;
        if (isPrimary)
        {
            b.Reach(4, 1400, row);
            bench.Pass(100);
            row = phase == "row written" ? b.Writing! : row;
        }

        b.Restart();
        b.See(new PostgresStatus(
            PostgresCondition.Running, isPrimary, new WalPosition(new Timeline(isPrimary ? 4u : 3), new Lsn(1400)),
            null, b.Standbys, false, row));
        bench.Pass(40);
        Assert.Null(b.Serving);
        Posture wanted = isPrimary ? new Posture.Leading(new Term(4)) : new Posture.Detached(b.Node.Promise.Term);
        Assert.Equal(wanted, b.Posture);
        for (var i = 0; i < 30 && b.Node.Promise.Term == new Term(4) && !isPrimary; i++)
        {
            b.Reach(3, 1100, bench.Rule);
            c.Reach(3, 1100, bench.Rule);
            bench.Pass(200);
        }

        var goesOn = bench.Machines.Values.Any(m => m.Node.Promise.Term > new Term(4) || m.Node.Phase != null);
        Assert.True(isPrimary || goesOn, "nobody leads and nobody stands");
    }

    [Fact]
    public void A_promise_to_a_term_that_never_had_a_leader_is_healed_by_a_new_term()
    {
        var bench = new Bench(3).Serving();
        var (a, c) = (bench["a"], bench["c"]);
        c.Disk = new Promise(new Term(8), PromiseKind.Recruited, bench["b"].Id, 5) { Accepted = new Term(3) };
        c.Restart();
        c.See(c.Status);
        bench["b"].See(bench["b"].Status with { IsStreaming = true, Reached = bench["b"].Posture });
        bench.Pass(4900);
        Assert.NotNull(a.Serving);
        bench.Pass(600);
        Assert.True(a.HasReported("switchover-started"), "the leader lets the stuck promise be");
        a.Reach(3, 1200, bench.Rule);
        bench.Pass(100);
        Assert.Contains(bench.Machines.Values, m => m.Node.Promise.Term == new Term(9));
    }

    [Fact]
    public void A_follower_that_somebody_promoted_by_hand_answers_nobody_however_high_its_timeline()
    {
        var bench = new Bench(3).Serving();
        var c = bench["c"];
        c.See(new PostgresStatus(
            PostgresCondition.Running, true, new WalPosition(new Timeline(4), new Lsn(9000)), null,
            c.Standbys, false, bench.Rule));
        Assert.True(c.HasReported("stray-timeline"));
        bench.Cut("a");
        bench.Pass(2500);
        Assert.Equal(new Term(3), bench["b"].Node.Promise.Term);
        c.Take(new ConsensusEvent.Received(bench["b"].Id, new Message.Recruit(new Term(4), 77)));
        c.Reach(4, 9000, bench.Rule);
        Assert.DoesNotContain(c.Outbox, o => o.Message is Message.Recruited);
        c.Reach(3, 1100, bench.Rule);
        Assert.Contains(c.Outbox, o => o.Message is Message.Recruited);
    }

    [Fact]
    public void A_stray_timeline_is_known_for_one_by_an_agent_that_was_away_when_it_was_made()
    {
        var bench = new Bench(3).Serving();
        var c = bench["c"];
        c.Restart();
        c.Reach(4, 9000, bench.Rule);
        Assert.True(c.HasReported("stray-timeline"));
        bench.Pass(200);
        Assert.DoesNotContain(c.Outbox, o => o.Message is Message.Heartbeat { CanVote: true });
    }

    [Fact]
    public void A_stray_timeline_with_the_number_of_the_next_term_stays_stray_through_a_crash()
    {
        var bench = new Bench(3).Serving();
        var c = bench["c"];
        c.See(new PostgresStatus(
            PostgresCondition.Running, true, new WalPosition(new Timeline(4), new Lsn(1100)), null,
            c.Standbys, false, bench.Rule));
        var claim = new Message.Heartbeat(
            99, 1, new Incarnation(2), NodeTraits.Default, new Term(4), new Leadership(new Term(4), new NodeId("b")),
            new LeadershipClaim(new Term(4), LeadershipPhase.Promoting), default, default, LeaderVerdict.Healthy, null,
            PostgresCondition.Running, default, false, true);
        c.Take(new ConsensusEvent.Received(new NodeId("b"), claim));
        Assert.Equal(new Term(4), c.Disk.Term);
        c.Restart();
        c.Reach(4, 1100, bench.Rule);
        Assert.Equal(2, c.Notices.Count(n => n.Kind == "stray-timeline"));
    }

    [Fact]
    public void The_next_life_of_a_recruit_does_not_take_the_appointment_of_the_former_one()
    {
        var bench = new Bench(3).Serving();
        var c = bench["c"];
        bench.Cut("a");
        c.Incarnation = new Incarnation(77);
        c.Disk = Promise.None;
        c.Restart();
        bench.Pass(1500, m => m is Message.Recruit);
        c.Take(new ConsensusEvent.Received(bench["b"].Id, new Message.Recruit(new Term(9), 5)));
        c.Reach(3, 1100, bench.Rule);
        c.Take(new ConsensusEvent.Received(bench["b"].Id, new Message.Recruit(new Term(9), 5)));
        c.Reach(3, 1100, bench.Rule);
        Assert.Equal(PromiseKind.Recruited, c.Disk.Kind);
        var appoint = new Message.Appoint(
            new Term(9), 5, bench.Rule, TimeSpan.Zero, new WalPosition(new Timeline(3), new Lsn(1100)), c.Id);
        c.Take(new ConsensusEvent.Received(bench["b"].Id, appoint));
        Assert.Null(c.Node.Phase);
    }

    [Fact]
    public void A_leader_whose_PostgreSQL_hangs_steps_down_only_if_others_can_take_over()
    {
        var bench = new Bench(3).Serving();
        var a = bench["a"];
        a.See(a.Status with { Condition = PostgresCondition.Busy, IsPrimary = false, Reached = null });
        foreach (var name in new[] { "b", "c" })
        {
            bench[name].See(bench[name].Status with { Condition = PostgresCondition.Busy });
        }

        bench.Pass(12000);
        Assert.NotNull(a.Serving);
        bench["b"].See(bench["b"].Status with { Condition = PostgresCondition.Running });
        bench.Pass(200);
        Assert.Null(a.Serving);
    }

    [Fact]
    public void A_voter_that_must_never_lead_and_has_most_WAL_is_not_passed_over()
    {
        var bench = new Bench(3, neverLeads: "c").Serving();
        bench.Cut("a");
        bench.Pass(1100);
        bench["c"].Reach(3, 1500, bench.Rule);
        bench["b"].Reach(3, 1100, bench.Rule);
        bench.Pass(1000);
        Assert.Null(bench["b"].Node.Phase);
        Assert.Null(bench["c"].Node.Phase);
    }

    [Fact]
    public void Between_its_wakes_a_node_does_nothing()
    {
        var bench = new Bench(3).Serving();
        var b = bench["b"];
        bench.Pass(20);
        var before = b.Node.NextWake;
        Assert.InRange(before, bench.Now, bench.Now + new ConsensusOptions().HeartbeatInterval);
        b.Outbox.Clear();
        b.Take(ConsensusEvent.Tick.Instance);
        Assert.Empty(b.Outbox);
        Assert.Equal(before, b.Node.NextWake);
    }

    private static Bench FailedOverToB(string policy)
    {
        var bench = new Bench(3, policy).Serving();
        bench.Cut("a");
        bench.Pass(1100);
        bench["c"].Reach(3, 1100, bench["c"].Node.Rule!);
        bench["b"].Reach(3, 1100, bench["b"].Node.Rule!);
        bench.Pass(200);
        Assert.Equal(new Posture.Leading(new Term(4)), bench["b"].Posture);
        return bench;
    }
}
