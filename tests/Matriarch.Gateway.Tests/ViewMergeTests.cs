using System.Collections.Immutable;
using Matriarch.Client;
using Matriarch.Core;
using Microsoft.Extensions.Logging.Abstractions;

namespace Matriarch.Gateway.Tests;

/// <summary>Words of agents and views of the store, in every order in which they may come.</summary>
public sealed class ViewMergeTests
{
    private readonly ViewTracker _views = new("main", NullLogger<ViewTracker>.Instance);
    private long _version;

    [Fact]
    public void The_higher_term_wins_wherever_it_comes_from()
    {
        Store(1, "a");
        Assert.True(Hear(2, "b"));
        Assert.Equal("b", Primary);
        Store(1, "a");
        Assert.Equal("b", Primary);
        Store(3, "c");
        Assert.Equal("c", Primary);
        Assert.False(Hear(2, "b"));
        Assert.Equal("c", Primary);
    }

    [Fact]
    public void The_leaders_own_word_outranks_what_the_store_repeats_while_it_is_heard()
    {
        Store(1, "a");
        Hear(1, "a", ServicePhase.None);
        Assert.Null(Primary);
        Store(1, "a");
        Assert.Null(Primary);
        Hear(1, "a");
        Store(1, null);
        Assert.Equal("a", Primary);
    }

    [Fact]
    public void A_leader_that_is_not_heard_any_more_leaves_the_word_to_the_store()
    {
        Store(1, "a");
        Hear(1, "a");
        Store(1, null);
        Assert.Equal("a", Primary);
        Assert.True(_views.Hears(new NodeId("a"), false));
        Assert.Null(Primary);
        Assert.True(_views.Hears(new NodeId("a"), true));
        Assert.Equal("a", Primary);
    }

    [Fact]
    public void Draining_comes_and_goes_within_one_leadership()
    {
        Hear(1, "a");
        Hear(1, "a", ServicePhase.Draining);
        Assert.True(_views.Current!.IsDraining);
        Assert.Equal("a", Primary);
        Hear(1, "a");
        Assert.False(_views.Current!.IsDraining);
    }

    [Fact]
    public void Two_polls_of_one_agent_that_overtake_each_other_do_no_harm()
    {
        Assert.True(Hear(1, "a", version: 5, phase: ServicePhase.None));
        Assert.False(Hear(1, "a", version: 4, phase: ServicePhase.Serving));
        Assert.Null(Primary);
        Assert.True(Hear(1, "a", version: 1, phase: ServicePhase.Serving, process: "the next"));
    }

    [Fact]
    public void Another_agent_may_say_who_serves_but_not_that_nobody_does()
    {
        Assert.Null(LeadershipWord.From(Document("b", 1, "a", ServicePhase.None)));
        Assert.Null(LeadershipWord.From(Document("b", 1, "a", ServicePhase.Unknown)));
        Assert.True(_views.Hear(LeadershipWord.From(Document("b", 1, "a", ServicePhase.Serving))!));
        Assert.Equal("a", Primary);
        Assert.True(Hear(1, "a", ServicePhase.Draining));
        Assert.False(_views.Hear(LeadershipWord.From(Document("b", 1, "a", ServicePhase.Serving))!));
        Assert.True(_views.Current!.IsDraining);
    }

    [Theory]
    [InlineData("the leader's own word of before")]
    [InlineData("the store, which has not been told yet")]
    public void That_nobody_served_yet_takes_no_primary_away_that_was_seen_to_serve(string late)
    {
        _views.Hear(LeadershipWord.From(Document("c", 2, "b", ServicePhase.Serving))!);
        Assert.Equal("b", Primary);
        if (late.StartsWith("the store", StringComparison.Ordinal))
        {
            Store(2, null);
        }
        else
        {
            Assert.False(Hear(2, "b", ServicePhase.Starting));
        }

        Assert.Equal("b", Primary);
        Hear(2, "b");
        Hear(2, "b", ServicePhase.None);
        Assert.Null(Primary);
    }

    [Fact]
    public void A_store_that_has_named_the_primary_may_say_that_it_serves_no_more()
    {
        _views.Hear(LeadershipWord.From(Document("c", 2, "b", ServicePhase.Serving))!);
        Store(2, "b");
        Store(2, null);
        Assert.Null(Primary);
    }

    [Fact]
    public void A_second_leader_of_one_term_is_refused()
    {
        Hear(4, "a");
        Assert.False(Hear(4, "b"));
        Store(4, "b");
        Assert.Equal("a", Primary);
    }

    [Theory]
    [InlineData(0, "a", 5432)]
    [InlineData(5_000_000_000, "a", 5432)]
    [InlineData(1, "no node", 5432)]
    [InlineData(1, "a", 0)]
    [InlineData(1, "a", 70_000)]
    public void Malformed_words_are_none(long term, string leader, int port)
    {
        var document = Document("a", 1, "a", ServicePhase.Serving) with { Term = term, Leader = leader };
        document = document with { Nodes = [document.Nodes[0] with { Name = leader, Port = port }] };
        Assert.Null(LeadershipWord.From(document));
    }

    [Fact]
    public void Whatever_comes_in_whatever_order_a_view_never_goes_back_and_a_term_has_one_primary()
    {
        var random = new Random(1);
        for (var round = 0; round < 2000; round++)
        {
            var views = new ViewTracker("main", NullLogger<ViewTracker>.Instance);
            var primaries = new Dictionary<Term, NodeId>();
            InstanceView? last = null;
            for (var i = 0; i < 40; i++)
            {
                var (term, revision) = ((uint)random.Next(1, 5), random.Next(3));
                var leader = random.Next(10) == 0 ? "c" : term % 2 == 0 ? "a" : "b"; // now and then a liar
                var phase = (ServicePhase)random.Next(1, 5);
                switch (random.Next(4))
                {
                    case 0:
                        var isServed = phase is not (ServicePhase.Starting or ServicePhase.None);
                        views.Offer(View(term, revision, isServed ? leader : null));
                        break;
                    case 1:
                        views.Hears(new NodeId(leader), random.Next(2) == 0);
                        break;
                    default:
                        var from = random.Next(3) == 0 ? "d" : leader;
                        if (LeadershipWord.From(
                            Document(from, term, leader, phase) with { Revision = revision, Version = i }) is { } word)
                        {
                            views.Hear(word);
                        }

                        break;
                }

                if (views.Current is not { } now)
                {
                    continue;
                }

                Assert.True(last is null || (now.Term, now.Revision).CompareTo((last.Term, last.Revision)) >= 0);
                if (now.Primary is { } primary)
                {
                    Assert.Equal(primary, primaries.GetValueOrDefault(now.Term, primary));
                    primaries[now.Term] = primary;
                    Assert.NotNull(now.PrimaryNode);
                }

                last = now;
            }
        }
    }

    private string? Primary => _views.Current?.Primary?.Value;

    private void Store(uint term, string? primary) => _views.Offer(View(term, 0, primary));

    private ClusterView View(uint term, int revision, string? primary)
    {
        var nodes = new[] { "a", "b", "c" }.Select(n => FakeViews.Node(
            n, 5432, n == primary ? NodeRole.Primary : NodeRole.Replica)).ToArray();
        return new ClusterView(
            ++_version,
            ImmutableSortedDictionary<string, InstanceView>.Empty.Add(
                "main", FakeViews.Instance(term, revision, nodes)));
    }

    private bool Hear(
        uint term, string leader, ServicePhase phase = ServicePhase.Serving, long? version = null,
        string process = "one") =>
        _views.Hear(LeadershipWord.From(
            Document(leader, term, leader, phase) with { Version = version ?? ++_version, Process = process })!);

    private static LeadershipDocument Document(string node, uint term, string leader, ServicePhase phase) => new(
        "main", node, "one", 1, term, 0, leader, phase,
        [
            .. new[] { "a", "b", "c" }.Select(n => new LeadershipNode(
                n, n, NodeRole.Replica, NodeState.Streaming, "127.0.0.1", 5432, "127.0.0.1:7301", 0, [])),
        ]);
}
