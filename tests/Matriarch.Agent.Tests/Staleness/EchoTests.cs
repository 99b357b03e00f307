using System.Collections.Immutable;
using Matriarch.Consensus;
using Matriarch.Core;
using Matriarch.Postgres;
using Matriarch.Topology;

namespace Matriarch.Agent.Tests;

/// <summary>When a leader gives the probe of another node back, with the end of its WAL. It leads term 3.</summary>
public sealed class EchoTests : IDisposable
{
    private static readonly NodeId B = new("b");
    private static readonly Probe OfB = new(9, 77);
    private readonly string _directory = Directory.CreateTempSubdirectory("matriarch-echo-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void What_was_received_before_the_look_goes_back_with_what_the_look_saw()
    {
        var facts = Facts(LeadershipPhase.Serving, steppedAt: 100, lookBeganAt: 100);

        Assert.Equal((OfB, 500UL), (facts.Echo, facts.Lsn));
    }

    [Fact]
    public void A_look_that_began_after_the_last_step_may_be_of_a_leader_whose_lease_is_over() =>
        Assert.Null(Facts(LeadershipPhase.Serving, steppedAt: 99, lookBeganAt: 100).Echo);

    [Theory]
    [InlineData(null)]
    [InlineData(LeadershipPhase.Promoting)]
    [InlineData(LeadershipPhase.Open)]
    public void Who_does_not_serve_gives_nothing_back(LeadershipPhase? phase) =>
        Assert.Null(Facts(phase, steppedAt: 100, lookBeganAt: 50).Echo);

    [Fact]
    public void A_server_that_is_not_the_primary_of_the_term_yet_says_nothing() =>
        Assert.Null(Facts(LeadershipPhase.Serving, steppedAt: 100, lookBeganAt: 50, timeline: 2).Echo);

    [Fact]
    public void A_node_whose_probe_came_after_the_look_waits_for_the_next_one()
    {
        var facts = Facts(LeadershipPhase.Serving, steppedAt: 100, lookBeganAt: 50, heard: []);

        Assert.Null(facts.Echo);
    }

    private NodeFacts Facts(
        LeadershipPhase? phase, long steppedAt, long lookBeganAt, uint timeline = 3,
        ImmutableDictionary<NodeId, Probe>? heard = null)
    {
        var time = new ManualTime();
        var settings = new AgentSettings(
            new ClusterOptions { Id = "c", Instance = "main" }, new NodeOptions { Name = "a" }, new ApiOptions(),
            new HeartbeatOptions(), new PostgresOptions(), new SecretsOptions(), new TopologyOptions(),
            new ConsensusOptions(),
            new LogOptions());
        var decided = LoopSnapshot.Nothing with
        {
            Known = new Leadership(new Term(3), new NodeId("a")), Phase = phase, SteppedAt = steppedAt,
        };
        var report = new DriverReport(
            PostgresStatus.Unknown,
            new ServerSnapshot(
                false, new SystemIdentifier(7), new Timeline(timeline), new Lsn(500), new Lsn(500), null, null,
                TimeSpan.Zero, 150_000, [], [], null),
            DriverActivity.None, 1, null)
        {
            Look = new DriverLook(
                lookBeganAt, heard ?? ImmutableDictionary<NodeId, Probe>.Empty.Add(B, OfB)),
        };
        var peers = new PeerDirectory(new NodeId("a"), 16, Path.Combine(_directory, "peers.json"), time);
        return new AgentState(
            settings, new Incarnation(1), peers, () => decided, () => report, () => PauseState.Never, () => null)
            .FactsFor(B);
    }
}
