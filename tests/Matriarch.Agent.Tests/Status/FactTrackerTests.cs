using Matriarch.Client;
using Matriarch.Core;
using Matriarch.Topology;
using EventSeverity = Matriarch.Topology.EventSeverity;
using static Matriarch.Agent.Tests.Pictures;

namespace Matriarch.Agent.Tests;

public sealed class FactTrackerTests
{
    private static readonly TimeSpan Blink = TimeSpan.FromMilliseconds(100);
    private static readonly StatusFact Well = Fact("health", "healthy", FactSeverity.Ok);
    private static readonly StatusFact Bad = Fact("health", "degraded");

    private readonly ManualTime _time = new();
    private readonly FactTracker _tracker = new();

    public FactTrackerTests()
    {
        _tracker.Look([], TimeSpan.Zero, _time.GetUtcNow(), _ => true);
        _time.Advance(FactTracker.StartTime);
    }

    [Fact]
    public void The_difference_is_what_appeared_changed_or_is_gone_and_no_text()
    {
        var paused = Fact("pause", "paused");
        var missing = Fact("membership", "voters-missing");

        var changes = FactDiff.Between(
            All(Well, paused, missing),
            All(Bad, missing with { Text = "other words" }, Fact("store", "store-unreachable", FactSeverity.Error)));

        Assert.Equal(
            ["store-unreachable", "degraded", "paused-ended"], changes.Select(c => c.EventKind));
        Assert.Equal([FactSeverity.Error, FactSeverity.Warning, FactSeverity.Info], changes.Select(c => c.Severity));
        Assert.Equal("no longer so: because", changes[2].Text);
        Assert.Empty(FactDiff.Between(All(Well), All(Well)));
    }

    [Fact]
    public void A_change_is_told_once_and_only_when_it_has_held()
    {
        Assert.Empty(Look(Well));
        _time.Advance(FactTracker.SettleTime);
        Assert.Empty(Look(Well));
        Assert.Empty(Look(Bad));
        _time.Advance(FactTracker.SettleTime - Blink);
        Assert.Empty(Look(Bad));
        _time.Advance(Blink);
        Assert.Equal(["degraded"], Look(Bad));
        _time.Advance(FactTracker.SettleTime);
        Assert.Empty(Look(Bad with { Text = "another reason" }));
    }

    [Fact]
    public void A_step_that_passes_is_told_only_where_it_takes_long()
    {
        var step = Fact("failover", "failover-promoting", FactSeverity.Info);
        Look(step);
        _time.Advance(FactTracker.SettleTime);
        Assert.Empty(Look(step));
        _time.Advance(FactTracker.InfoSettleTime);
        Assert.Equal(["failover-promoting"], Look(step));
    }

    [Fact]
    public void What_is_well_when_it_is_first_seen_is_no_news_and_what_is_not_is()
    {
        Look(Well, Fact("pause", "paused"));
        _time.Advance(FactTracker.SettleTime);

        Assert.Equal(["paused"], Look(Well, Fact("pause", "paused")));
    }

    [Fact]
    public void What_flaps_is_not_told_at_each_turn_but_is_when_it_never_comes_back()
    {
        var told = Settled(Well);
        for (var i = 0; i < 100; i++)
        {
            _time.Advance(Blink);
            told += Look(i % 2 == 0 ? Bad : Well).Count;
        }

        Assert.Equal(0, told);
        for (var i = 0; i < 100; i++)
        {
            _time.Advance(Blink);
            told += Look(i % 2 == 0 ? Bad : Fact("health", "no-primary", FactSeverity.Error)).Count;
        }

        Assert.InRange(told, 1, 3);
    }

    [Fact]
    public void A_flood_is_bounded_the_rest_is_told_later_and_what_is_over_by_then_is_counted()
    {
        const int Many = FactTracker.MostAtOnce + 20;
        var flood = Enumerable.Range(0, Many).Select(i => Fact($"topic-{i:D3}", "bad")).ToArray();
        Look();
        Look(flood);
        _time.Advance(FactTracker.SettleTime);
        Assert.Equal(FactTracker.MostAtOnce, Look(flood).Count);
        _time.Advance(FactTracker.TellingInterval);
        Assert.Single(Look(flood));

        // All but the last of those that wait are over before their turn comes.
        var rest = flood[..(FactTracker.MostAtOnce + 1)].Append(flood[^1]).ToArray();
        _time.Advance(10 * FactTracker.TellingInterval);
        var report = Report(rest);

        Assert.Equal([flood[^1].Topic], report.Changes.Select(c => c.Subject.Topic));
        Assert.Equal(Many - FactTracker.MostAtOnce - 2, report.Skipped);
        _time.Advance(10 * FactTracker.TellingInterval);
        Assert.Equal(0, Report(rest).Skipped);
    }

    [Fact]
    public void Who_begins_to_tell_does_not_repeat_what_another_has_told()
    {
        Settled(Well);
        Look(isTelling: false, Bad);
        _time.Advance(FactTracker.SettleTime);
        Assert.Empty(Look(isTelling: false, Bad));
        _time.Advance(FactTracker.UnconfirmedTime + Blink);
        Assert.Empty(Look(Bad));

        Look(Well);
        _time.Advance(FactTracker.SettleTime);
        Assert.Equal(["healthy"], Look(Well));
    }

    [Fact]
    public void What_another_ought_to_have_told_just_before_it_was_found_dead_is_told_while_it_holds()
    {
        var gone = Fact("membership", "voters-missing");
        Settled(Well);
        Look(isTelling: false, Bad, gone);
        _time.Advance(FactTracker.SettleTime);
        Assert.Empty(Look(isTelling: false, Bad, gone));
        _time.Advance(FactTracker.UnconfirmedTime);

        Assert.Equal(["degraded"], Look(Bad));
        Assert.Empty(Look(Bad));
    }

    [Fact]
    public void An_agent_that_has_just_started_waits_until_it_can_have_heard_the_others()
    {
        var lonely = Fact("membership", "voters-missing");

        var told = Start(
            new FactTracker(),
            i => i == 0 ? [lonely] : i < 10 ? [lonely, Fact("health", "forming", FactSeverity.Info)] : [lonely, Well]);

        Assert.Equal(["voters-missing"], told);
    }

    [Fact]
    public void An_agent_that_has_just_started_tells_the_end_of_what_others_have_told()
    {
        // The teller of before lives, but has no longer to tell: the new leader started as it was over already.
        var tracker = new FactTracker();
        StatusFact[] wrong =
        [
            Fact("health", "no-primary", FactSeverity.Error), Fact("membership", "voters-missing"),
            Fact("pause", "paused"),
        ];

        var told = Start(
            tracker, i => i < 5 ? [wrong[0], wrong[1]] : [Well, wrong[1]], i => i == 3 ? wrong : null);

        Assert.Equal(["paused-ended", "healthy"], told);
    }

    [Fact]
    public void What_the_events_say_to_be_wrong_is_remembered_until_they_say_that_it_is_over()
    {
        NodeId self = new("a"), other = new("b");
        var remembered = FactMemory.Read(
            [
                Event(other, "no-primary", EventSeverity.Error, new ToldFact("health")),
                Event(other, "degraded", EventSeverity.Warning, new ToldFact("health")),
                Event(other, "replica-stalled", EventSeverity.Warning, new ToldFact("replication", self)),
                Event(other, "replica-stalled", EventSeverity.Warning, new ToldFact("replication", other)),
                Event(self, "replica-streaming", EventSeverity.Info, new ToldFact("replication", self)),
                Event(other, "paused", EventSeverity.Warning, new ToldFact("pause")),
                Event(self, "paused-ended", EventSeverity.Info, new ToldFact("pause", IsOver: true)),
                Event(other, "store-unreachable", EventSeverity.Warning, new ToldFact("store", other, IsOwn: true)),
                Event(self, "postgres-failed", EventSeverity.Error, new ToldFact("postgres", self, IsOwn: true)),
                Event(self, "election-started", EventSeverity.Warning, null),
            ],
            self);

        Assert.Equal(
            [
                "health  degraded Warning Instance", "postgres a postgres-failed Error Node",
                "replication b replica-stalled Warning Instance",
            ],
            remembered
                .Select(f => $"{f.Topic} {(f.Node.IsNone ? "" : f.Node)} {f.Kind} {f.Severity} {f.Scope}").Order());

        static EventRecord Event(NodeId teller, string kind, EventSeverity severity, ToldFact? fact) =>
            new("0000000000000001", default, "main", teller, kind, severity, "because", new Term(1), fact);
    }

    [Fact]
    public void A_fact_holds_since_its_kind_does_whatever_its_text()
    {
        Look(Bad);
        var since = Assert.Single(_tracker.Held);
        _time.Advance(Blink);
        Look(Bad with { Text = "other words" });

        var later = Assert.Single(_tracker.Held);
        Assert.Equal((since.Since, since.At, "other words"), (later.Since, later.At, later.Fact.Text));
        _time.Advance(Blink);
        Look(Well);
        Assert.Equal(since.Since + (2 * Blink), Assert.Single(_tracker.Held).Since);
    }

    /// <summary>What a new agent tells in its first seconds.</summary>
    private List<string> Start(
        FactTracker tracker, Func<int, StatusFact[]> facts, Func<int, StatusFact[]?>? remembered = null)
    {
        var told = new List<string>();
        for (var i = 0; i * Blink <= FactTracker.StartTime; i++)
        {
            if (remembered?.Invoke(i) is { } wrong)
            {
                tracker.Remember(wrong);
            }

            _time.Advance(Blink);
            told.AddRange(tracker.Look(
                facts(i), TimeSpan.FromTicks(_time.GetTimestamp()), _time.GetUtcNow(), _ => true)
                .Changes.Select(c => c.EventKind));
        }

        return told;
    }

    private int Settled(params StatusFact[] facts)
    {
        Look(facts);
        _time.Advance(FactTracker.InfoSettleTime);
        Look(facts);
        return 0;
    }

    private List<string> Look(params StatusFact[] facts) => Look(isTelling: true, facts);

    private List<string> Look(bool isTelling, params StatusFact[] facts) =>
        [.. Report(facts, isTelling).Changes.Select(c => c.EventKind)];

    private FactReport Report(StatusFact[] facts, bool isTelling = true) => _tracker.Look(
        facts, TimeSpan.FromTicks(_time.GetTimestamp()), _time.GetUtcNow(), _ => isTelling);
}
