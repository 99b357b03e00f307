using System.Collections.Immutable;
using Matriarch.Client;
using Matriarch.Core;
using static Matriarch.Agent.Tests.Pictures;

namespace Matriarch.Agent.Tests;

/// <summary>What people are told of logical slots, and whom subscribers of PostgreSQL 17 wait for.</summary>
public sealed class SlotFactsTests
{
    [Fact]
    public void A_slot_that_is_not_ready_for_long_is_a_warning_that_says_why()
    {
        var picture = Healthy("b") with
        {
            Slots = [SlotVerdict.Ready("a"), SlotVerdict.NotReady("b", "it has no copy here yet")],
            SlotsUnreadyFor = TimeSpan.FromSeconds(5),
        };

        var fact = Assert.Single(StatusFacts.Of(picture), f => f.Topic == LogicalSlotFacts.Topic);
        Assert.Equal(("logical-slots-pending", FactSeverity.Info, B), (fact.Kind, fact.Severity, fact.Node));
        fact = Assert.Single(
            StatusFacts.Of(picture with { SlotsUnreadyFor = TimeSpan.FromMinutes(2) }),
            f => f.Topic == LogicalSlotFacts.Topic);
        Assert.Equal(("logical-slots-not-ready", FactSeverity.Warning), (fact.Kind, fact.Severity));
        Assert.Contains("b: it has no copy here yet", fact.Text, StringComparison.Ordinal);
        fact = Assert.Single(
            StatusFacts.Of(picture with { Slots = [SlotVerdict.Ready("a")], SlotsUnreadyFor = null }),
            f => f.Topic == LogicalSlotFacts.Topic);
        Assert.Equal(("logical-slots-ready", FactSeverity.Ok), (fact.Kind, fact.Severity));
    }

    [Fact]
    public void Subscribers_wait_for_the_voters_that_stream_and_never_for_fewer_than_a_commit_does()
    {
        Assert.Equal([B, C], Standbys("b", "c", "observer"));
        Assert.Equal([C], Standbys("c"));
        Assert.Equal([B], Standbys());
        Assert.Empty(SubscriberStandbys.Of(Rule(DurabilityPolicy.Parse("async")), A, Streaming()));
    }

    private static ImmutableArray<NodeId> Standbys(params string[] streaming) =>
        SubscriberStandbys.Of(Rule(), A, Streaming(streaming));

    private static Postgres.ServerSnapshot Streaming(params string[] standbys) =>
        Report(Consensus.PostgresCondition.Running, null, standbys).Snapshot!;
}
