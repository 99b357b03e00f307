using Matriarch.Client;
using Matriarch.Consensus;
using Matriarch.Core;
using static Matriarch.Agent.Tests.Pictures;

namespace Matriarch.Agent.Tests;

public sealed class StatusFactsTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("b")]
    public void Where_all_is_well_every_fact_says_so(string self)
    {
        var facts = StatusFacts.Of(Healthy(self));

        Assert.All(facts, f => Assert.Equal(FactSeverity.Ok, f.Severity));
        Assert.Equal(
            ["healthy", "failover-none", "replica-streaming", "replica-streaming", "voters-complete",
                "durability-held", "postgres-running", "store-reachable"],
            facts.Select(f => f.Kind));
        Assert.Equal(facts.Length, facts.Select(f => f.Key).Distinct().Count());
    }

    [Fact]
    public void Facts_hold_side_by_side_and_each_names_its_reason()
    {
        var facts = StatusFacts.Of(
            Healthy().Without("c").Attached("b") with { Pause = new PauseState(1, "b", true, "a new kernel") });

        Assert.Contains(facts, f => f.Kind == "degraded" && f.Text.Contains("c has not been heard for 7 s"));
        Assert.Contains(facts, f => f is { Kind: "replica-unreachable", Node.Value: "c" });
        Assert.Contains(facts, f => f.Kind == "voters-missing" && f.Text.Contains("missing c"));
        Assert.Contains(facts, f => f.Kind == "paused" && f.Text.Contains(": a new kernel"));
        Assert.Contains(facts, f => f is { Kind: "durability-held", Severity: FactSeverity.Ok });
    }

    [Fact]
    public void Writes_are_blocked_when_too_few_standbys_are_attached()
    {
        var picture = Healthy().Where("b", NodeState.Joining).Where("c", NodeState.Joining).Attached();

        var health = picture.Only("health");
        Assert.Equal(("writes-blocked", FactSeverity.Error), (health.Kind, health.Severity));
        Assert.Equal(
            "a serves term 3, but writes wait: 1 of b, c must acknowledge a commit, and none is attached; "
                + "missing: b, c",
            health.Text);
        Assert.Equal("durability-blocked", picture.Only("durability").Kind);
        Assert.Equal("degraded", picture.Attached("b").Only("health").Kind);
    }

    [Fact]
    public void What_the_leader_has_in_force_counts_whatever_the_rule_asks_for()
    {
        var strict = new SynchronousStandbys(2, [B, C]);
        var picture = Healthy() with { Driver = Report(PostgresCondition.Running, strict, "b") };

        Assert.Equal("writes-blocked", picture.Only("health").Kind);
        Assert.Contains("2 of b, c must acknowledge", picture.Only("durability").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_node_knows_of_blocked_writes_by_what_the_replicas_say() => Assert.Equal(
        "writes-blocked",
        Healthy("b").Where("b", NodeState.Joining).Where("c", NodeState.Joining).Only("health").Kind);

    [Fact]
    public void A_leader_that_has_failed_serves_no_more_however_recent_its_last_word()
    {
        var before = Healthy("b");
        var after = before with { Decided = before.Decided with { Verdict = LeaderVerdict.Failed } };

        Assert.Equal(A, before.Primary);
        Assert.Null(after.Primary);
        Assert.Equal(("no-primary", FactSeverity.Error), (after.Only("health").Kind, after.Only("health").Severity));
    }

    [Fact]
    public void A_leader_of_an_older_term_is_none_and_does_not_tell()
    {
        var before = Healthy("b");
        var elected = before with
        {
            Decided = before.Decided with
            {
                Known = new Leadership(Three.Next(), B), Phase = LeadershipPhase.Promoting,
            },
        };

        Assert.Null(elected.Primary);
        var serving = elected with { Decided = elected.Decided with { Phase = LeadershipPhase.Serving } };
        Assert.Equal(B, serving.Primary);
        Assert.Equal("degraded", serving.Only("health").Kind);
        Assert.Contains("a was the primary", serving.Only("health").Text, StringComparison.Ordinal);
        var failed = before with { Decided = before.Decided with { Verdict = LeaderVerdict.Failed } };
        Assert.True(failed.IsTeller);
    }

    [Theory]
    [InlineData("detecting", "failover-detecting")]
    [InlineData("recruiting", "failover-recruiting")]
    [InlineData("fetching", "failover-fetching")]
    [InlineData("promoting", "failover-promoting")]
    [InlineData("committing-rule", "failover-committing-rule")]
    [InlineData("waiting-for-lease", "failover-waiting-for-lease")]
    public void A_failover_tells_the_furthest_step_of_any_node(string step, string kind)
    {
        var picture = LeaderFailed().Where("b", NodeState.Detached, "detecting").Where("c", NodeState.Promoting, step);

        Assert.Equal(kind, picture.Only("failover").Kind);
    }

    [Fact]
    public void A_failover_that_cannot_go_on_tells_why()
    {
        var alone = LeaderFailed().Without("c");
        var held = LeaderFailed();

        Assert.Equal(
            ("failover-waiting", "too few voters for an election; missing: a, c"),
            (alone.Only("failover").Kind, alone.Only("failover").Text));
        Assert.Equal(FactSeverity.Error, alone.Only("membership").Severity);
        held = held with { Decided = held.Decided with { IsQuiesced = true } };
        Assert.Equal("failover-held", held.Only("failover").Kind);
    }

    [Fact]
    public void A_switchover_is_no_failover()
    {
        var picture = Healthy("b").With(
            "a", n => n with { Facts = Facts(NodeRole.Unknown, NodeState.Stopped, NodeStep.HandingOver) });

        Assert.Equal("switchover-running", picture.Only("switchover").Kind);
        Assert.Equal("failover-none", picture.Only("failover").Kind);
        Assert.Equal(("no-primary", FactSeverity.Warning),
            (picture.Only("health").Kind, picture.Only("health").Severity));
    }

    [Theory]
    [InlineData(NodeState.Joining, null, null, "replica-joining")]
    [InlineData(NodeState.Joining, null, "rejoin waits", "replica-stalled")]
    [InlineData(NodeState.Joining, "rewinding", null, "replica-rewinding")]
    [InlineData(NodeState.Copying, "copying", null, "replica-copying")]
    [InlineData(NodeState.Stopped, null, null, "replica-stopped")]
    [InlineData(NodeState.Failed, null, "no space", "replica-failed")]
    [InlineData(NodeState.Starting, null, null, "replica-starting")]
    [InlineData(NodeState.Empty, null, null, "replica-empty")]
    [InlineData(NodeState.Copying, "initializing", null, "replica-empty")]
    [InlineData(NodeState.Promoting, "promoting", null, "replica-promoting")]
    public void A_replica_that_does_not_stream_tells_what_it_does(
        NodeState state, string? step, string? reason, string kind)
    {
        var picture = Healthy().Where("c", state, step, reason);

        Assert.Equal(kind, picture.Only("replication", C).Kind);
        Assert.Equal("replica-streaming", picture.Only("replication", B).Kind);
        Assert.Equal("degraded", picture.Only("health").Kind);
    }

    [Fact]
    public void A_replica_that_does_not_move_has_stalled()
    {
        var still = ReplicationFacts.StallLimit;
        var joining = Healthy().Where("c", NodeState.Joining).With("c", n => n with { StandsStill = still });
        var replaying = Healthy().With("c", n => n with { StandsStill = still, LagBytes = 5 });
        var idle = Healthy().With("c", n => n with { StandsStill = still, LagBytes = 0 });

        Assert.Equal("replica-stalled", joining.Only("replication", C).Kind);
        Assert.Equal("replica-stalled", replaying.Only("replication", C).Kind);
        Assert.Equal("replica-streaming", idle.Only("replication", C).Kind);
    }

    [Fact]
    public void A_lag_beyond_what_a_switchover_takes_is_a_fact_and_no_fault()
    {
        var picture = Healthy().With("c", n => n with { LagBytes = 17_000_000 });

        var fact = picture.Only("replication", C);
        Assert.Equal(("replica-behind", FactSeverity.Info, "c streams, 17000000 bytes behind"),
            (fact.Kind, fact.Severity, fact.Text));
        Assert.Equal("healthy", picture.Only("health").Kind);
    }

    [Fact]
    public void A_replica_whose_WAL_is_gone_cannot_catch_up_until_it_is_copied()
    {
        var gone = Healthy().Where("c", NodeState.Joining).With("c", n => n with { IsWalGone = true });

        Assert.Equal(("replica-wal-gone", FactSeverity.Error),
            (gone.Only("replication", C).Kind, gone.Only("replication", C).Severity));
        Assert.Equal(
            "replica-copying", gone.Where("c", NodeState.Copying).Only("replication", C).Kind);
    }

    [Fact]
    public void Membership_names_voters_observers_and_what_may_still_be_lost()
    {
        var healthy = Healthy();
        healthy = healthy with { Nodes = healthy.Nodes.Add(Node("d")) };

        Assert.Equal(
            "voters a, b, c; without a vote d; writes survive the loss of one more, elections survive the loss of "
                + "one more",
            healthy.Only("membership").Text);
        Assert.Equal(
            "voters a, b, c; missing c; writes survive no further loss, elections survive no further loss",
            Healthy().Without("c").Attached("b").Only("membership").Text);
        var changing = healthy with { Decided = healthy.Decided with { IsChanging = true } };
        Assert.Equal("voters-changing", changing.Only("membership").Kind);
    }

    [Fact]
    public void Durability_that_cannot_be_kept_to_the_letter_or_was_given_up_is_told()
    {
        Assert.Equal(
            ("durability-reduced", FactSeverity.Warning),
            Of(Healthy(policy: DurabilityPolicy.Copies(5))));
        Assert.Equal(("durability-async", FactSeverity.Info), Of(Healthy(policy: DurabilityPolicy.Asynchronous)));

        static (string, FactSeverity) Of(StatusPicture picture) =>
            (picture.Only("durability").Kind, picture.Only("durability").Severity);
    }

    [Fact]
    public void A_store_that_cannot_be_used_is_a_fact_of_the_node_that_cannot()
    {
        var fact = (Healthy("b") with { Stores = new StoreFaults("connection refused") }).Only("store", B);

        Assert.Equal(("store-unreachable", FactScope.Node), (fact.Kind, fact.Scope));
        Assert.EndsWith(": connection refused", fact.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, "store-reachable", "cell-store-reachable")]
    [InlineData("refused", null, "store-unreachable", "cell-store-reachable")]
    [InlineData(null, "refused", "store-reachable", "cell-store-unreachable")]
    [InlineData("refused", "refused", "store-unreachable", "cell-store-unreachable")]
    public void Of_two_stores_the_facts_say_which_cannot_be_used(
        string? global, string? cell, string ofGlobal, string ofCell)
    {
        var picture = Healthy("b") with { Stores = new StoreFaults(global, HasCell: true, cell) };

        Assert.Equal((ofGlobal, ofCell), (picture.Only("store", B).Kind, picture.Only("cell-store", B).Kind));
    }

    [Theory]
    [InlineData(PostgresCondition.Stopped, "postgres-stopped")]
    [InlineData(PostgresCondition.Failed, "postgres-failed")]
    [InlineData(PostgresCondition.Absent, "postgres-absent")]
    [InlineData(PostgresCondition.Busy, "postgres-busy")]
    public void A_node_tells_of_its_own_server(PostgresCondition condition, string kind) => Assert.Equal(
        kind, (Healthy("b") with { Driver = Report(condition, null) }).Only("postgres", B).Kind);

    [Fact]
    public void Before_anything_is_known_nothing_is_claimed()
    {
        var picture = Healthy() with { Decided = LoopSnapshot.Nothing, Nodes = [Node("a")] };

        Assert.Equal("forming", picture.Only("health").Kind);
        Assert.DoesNotContain(StatusFacts.Of(picture), f => f.Topic is "membership" or "durability");
    }

    [Fact]
    public void The_leader_tells_and_without_one_the_first_voter_that_is_there()
    {
        Assert.True(Healthy("a").IsTeller);
        Assert.False(Healthy("b").IsTeller);
        Assert.True(LeaderFailed().IsTeller);
        Assert.False((LeaderFailed() with { Self = C }).IsTeller);
        Assert.True((LeaderFailed().Without("b") with { Self = C }).IsTeller);
    }
}
