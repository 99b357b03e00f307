using Matriarch.Core;

namespace Matriarch.Consensus.Tests;

/// <summary>Scripts about a node that leads: leases, restarts, handovers, membership.</summary>
public sealed class LeaderTests
{
    [Fact]
    public void A_primary_that_hears_from_no_majority_stops_serving_within_its_lease()
    {
        var bench = new Bench(3).Serving();
        bench.Cut("a");
        bench.Pass(1040);
        Assert.Null(bench["a"].Serving);
        Assert.Equal(new Posture.Detached(new Term(3)), bench["a"].Posture);
    }

    [Fact]
    public void The_lease_ends_even_while_PostgreSQL_is_not_seen()
    {
        var bench = new Bench(3).Serving();
        var a = bench["a"];
        a.See(a.Status with { Condition = PostgresCondition.Busy, Reached = null });
        bench.Cut("a");
        bench.Pass(1040);
        Assert.Null(a.Serving);
    }

    [Fact]
    public void Late_acknowledgements_of_the_process_before_give_the_next_one_no_lease()
    {
        var bench = new Bench(3).Serving();
        var a = bench["a"];
        var acks = new List<Message>();
        bench.Pass(300, m => Keep(m, acks));
        Assert.NotEmpty(acks);
        a.Restart();
        bench.Cut("a");
        a.See(new PostgresStatus(
            PostgresCondition.Running, true, new WalPosition(new Timeline(3), new Lsn(1000)), null,
            a.Standbys, false, bench.Rule));
        a.Reach(3, 1000, bench.Rule);
        bench.Pass(400);
        a.Take(new ConsensusEvent.RuleWritten(a.Writing!, new Lsn(1000), true));
        foreach (var ack in acks)
        {
            a.Take(new ConsensusEvent.Received(new NodeId("b"), ack));
        }

        bench.Pass(100);
        Assert.Null(a.Serving);
    }

    [Fact]
    public void A_leader_whose_agent_restarts_before_it_serves_waits_for_the_old_lease_all_the_same()
    {
        var bench = new Bench(3).Serving();
        var (b, c) = (bench["b"], bench["c"]);
        bench.Cut("a");
        bench.Pass(1100);
        c.Reach(3, 1100, c.Node.Rule!);
        b.Reach(3, 1100, b.Node.Rule!);
        bench.Pass(100);
        b.Reach(4, 1200, b.Node.Rule!);
        b.Restart();
        b.See(new PostgresStatus(
            PostgresCondition.Running, true, new WalPosition(new Timeline(4), new Lsn(1200)), null, b.Standbys, false,
            bench.Rule));
        b.Reach(4, 1200, bench.Rule);
        bench.Pass(60);
        b.Take(new ConsensusEvent.RuleWritten(b.Writing!, new Lsn(1300), true));
        bench.Pass(60);
        c.Reach(4, 1300, b.Writing!);
        bench.Pass(900);
        Assert.Equal(LeadershipPhase.Open, b.Node.Phase);
        Assert.Null(b.Serving);
        bench.Pass(300);
        Assert.Equal(new Term(4), b.Serving?.Term);
    }

    [Fact]
    public void A_primary_found_running_by_a_new_agent_is_adopted_with_its_term()
    {
        var bench = new Bench(3).Serving();
        Assert.True(bench["a"].HasReported("leadership-resumed"));
        Assert.Equal(new Term(3), bench["a"].Serving!.Term);
    }

    [Fact]
    public void A_primary_that_nobody_appointed_is_stopped()
    {
        var bench = new Bench(3);
        var b = bench["b"];
        b.See(new PostgresStatus(
            PostgresCondition.Running, true, new WalPosition(new Timeline(3), new Lsn(1000)), null,
            null, false, bench.Rule));
        Assert.True(b.HasReported("foreign-primary"));
        Assert.Equal(new Posture.Detached(new Term(3)), b.Posture);
    }

    [Fact]
    public void A_deposed_primary_applies_no_newer_standbys_until_it_is_seen_to_be_none()
    {
        var bench = new Bench(3).Serving();
        var a = bench["a"];
        var before = a.Standbys;
        var newer = bench.Rule with { Term = new Term(4), Leader = new NodeId("b"), Voters = [bench.Rule.Voters[0]] };
        var status = bench["b"].Status;
        var claim = new Message.Heartbeat(
            99, 1, new Incarnation(2), NodeTraits.Default, new Term(4), new Leadership(new Term(4), new NodeId("b")),
            new LeadershipClaim(new Term(4), LeadershipPhase.Serving), default, default, LeaderVerdict.Healthy, newer,
            PostgresCondition.Running, status.Position, false, true);
        a.Take(new ConsensusEvent.Received(new NodeId("b"), claim));
        Assert.Equal(newer, a.Node.Rule);
        Assert.Null(a.Serving);
        Assert.Equal(before, a.Standbys);
        a.Reach(3, 1100, bench.Rule);
        Assert.NotEqual(before, a.Standbys);
    }

    [Fact]
    public void A_switchover_names_its_successor_which_stands_at_once()
    {
        var bench = new Bench(3).Serving();
        var a = bench["a"];
        a.Take(new ConsensusEvent.SwitchoverAsked(new NodeId("c"), 1));
        a.Take(new ConsensusEvent.Drained(a.Draining));
        Assert.Null(a.Refusal);
        Assert.Null(a.Serving);
        Assert.Equal(new Posture.HandedOver(new Term(3)), a.Posture);
        a.Reach(3, 1200, bench.Rule);
        bench.Pass(100);
        Assert.Equal(new Posture.Detached(new Term(4)), bench["c"].Posture);
        Assert.Equal(bench["c"].Id, bench["b"].Node.Promise.Node);
    }

    [Fact]
    public void A_voter_that_lost_its_promises_is_struck_off_before_it_follows_again()
    {
        var bench = new Bench(3).Serving();
        var c = bench["c"];
        c.Incarnation = new Incarnation(77);
        c.Disk = Promise.None;
        c.Restart();
        c.See(new PostgresStatus(
            PostgresCondition.Running, false, new WalPosition(new Timeline(3), new Lsn(1100)), null,
            null, false, bench.Rule));
        bench.Pass(1500, m => m is Message.Heartbeat { Claim: null } beat && beat.Incarnation == c.Incarnation);
        Assert.IsNotType<Posture.Following>(c.Posture);
        bench.Pass(200);
        var a = bench["a"];
        Assert.True(a.HasReported("membership-changing"), "the former life was not struck off");
        Assert.False(a.Writing!.HasVoter(c.Id));
        Assert.IsNotType<Posture.Following>(c.Posture);
        a.Take(new ConsensusEvent.RuleWritten(a.Writing, new Lsn(1200), true));
        bench["b"].Reach(3, 1200, a.Writing);
        bench.Pass(300);
        Assert.Equal(new Posture.Following(new Term(3), a.Id), c.Posture);
    }

    [Fact]
    public void A_fixed_number_of_copies_is_raised_to_a_majority_while_a_row_is_under_way()
    {
        var bench = new Bench(5, "2").Serving();
        Assert.Equal(1, bench["a"].Standbys.Count);
        var e = bench["e"];
        e.Incarnation = new Incarnation(77);
        e.Disk = Promise.None;
        e.Restart();
        e.See(e.Status);
        bench.Pass(200);
        Assert.Equal(2, bench["a"].Standbys.Count);
    }

    [Fact]
    public void One_node_alone_leads_and_serves()
    {
        var bench = new Bench(1);
        var a = bench["a"];
        a.Reach(3, 1000, bench.Rule);
        bench.Pass(40);
        a.Reach(3, 1000, bench.Rule);
        bench.Pass(40);
        a.Reach(3, 1000, bench.Rule);
        Assert.Equal(new Posture.Leading(new Term(4)), a.Posture);
        a.Reach(4, 1100, bench.Rule);
        a.Take(new ConsensusEvent.RuleWritten(a.Writing!, new Lsn(1200), false));
        bench.Pass(1300);
        Assert.True(a.Node.IsServing);
    }

    private static bool Keep(Message message, List<Message> acks)
    {
        if (message is Message.LeaseAck)
        {
            acks.Add(message);
        }

        return false;
    }
}
