using System.Net;
using Matriarch.Consensus;
using Matriarch.Core;
using Matriarch.Postgres;
using Matriarch.TestKit;
using Matriarch.Topology;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Matriarch.Agent.Tests;

/// <summary>The health endpoints of node a on a real listener, in whatever state a test sets.</summary>
internal sealed class HealthFixture : IAsyncDisposable
{
    public const string Behind = "behind the health endpoints";

    private static readonly NodeId A = new("a");
    private static readonly NodeId B = new("b");
    private readonly Incarnation _incarnation = new(0xaa);
    private readonly ManualTime _time = new();
    private readonly string _directory = Directory.CreateTempSubdirectory("matriarch-health-").FullName;
    private readonly PeerDirectory _peers;
    private readonly WebApplication _web;
    private LoopSnapshot _loop = LoopSnapshot.Nothing;
    private DriverReport _driver = DriverReport.Nothing;

    private HealthFixture()
    {
        var settings = new AgentSettings(
            new ClusterOptions { Id = "c", Instance = "main" }, new NodeOptions { Name = "a" }, new ApiOptions(),
            new HeartbeatOptions(), new PostgresOptions(), new SecretsOptions(), new TopologyOptions(),
            new ConsensusOptions(), new LogOptions());
        _peers = new PeerDirectory(A, 16, Path.Combine(_directory, "peers.json"), _time);
        var state = new AgentState(settings, _incarnation, _peers, () => _loop, () => _driver, () => PauseState.Never,
            () => null);
        var health = new HealthEndpoints(
            new NodeHealthSource(settings, _incarnation, state, () => _loop, () => _driver, _time));
        var (open, only) = (FreePorts.Take(), FreePorts.Take());
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, open);
            kestrel.Listen(IPAddress.Loopback, only, HealthEndpoints.MarkConnections);
        });
        _web = builder.Build();
        _web.Use(health.AnswerAsync);
        _web.Run(context => context.Response.WriteAsync(Behind));
        Client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{open}") };
        HealthOnly = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{only}") };
    }

    /// <summary>To an address where other things are answered too.</summary>
    public HttpClient Client { get; }

    /// <summary>To an address for health only.</summary>
    public HttpClient HealthOnly { get; }

    public static async Task<HealthFixture> StartAsync(HealthScene scene)
    {
        var fixture = new HealthFixture();
        await fixture._web.StartAsync();
        fixture.Set(scene);
        return fixture;
    }

    public void Pass(TimeSpan span) => _time.Advance(span);

    public void Set(HealthScene scene)
    {
        var term = new Term(3);
        var following = new Posture.Following(term, B);
        var leading = new Posture.Leading(term);
        switch (scene)
        {
            case HealthScene.NothingYet:
                break;
            case HealthScene.Serving:
                Be(LeadershipPhase.Serving, leading, PostgresCondition.Running, isInRecovery: false, false);
                break;
            case HealthScene.ServingButPostgresIsSilent:
                Be(LeadershipPhase.Serving, leading, PostgresCondition.Busy, null, false);
                break;
            case HealthScene.Promoting:
                Be(LeadershipPhase.Promoting, leading, PostgresCondition.Running, isInRecovery: false, false);
                break;
            case HealthScene.SynchronousReplica:
                Be(null, following, PostgresCondition.Running, isInRecovery: true, isStreaming: true);
                break;
            case HealthScene.AsynchronousReplica:
                Be(null, following, PostgresCondition.Running, isInRecovery: true, isStreaming: true, isVoter: false);
                break;
            case HealthScene.VoterOfAnAsynchronousInstance:
                Be(null, following, PostgresCondition.Running, isInRecovery: true, isStreaming: true,
                    policy: DurabilityPolicy.Asynchronous);
                break;
            case HealthScene.JoiningReplica:
                Be(null, following, PostgresCondition.Running, isInRecovery: true, isStreaming: false);
                break;
            case HealthScene.Detached:
                Be(null, new Posture.Detached(term), PostgresCondition.Running, isInRecovery: true, false);
                break;
            case HealthScene.StoppedPostgres:
                Be(null, following, PostgresCondition.Stopped, null, false);
                break;
            case HealthScene.NoData:
                Be(null, new Posture.Idle(), PostgresCondition.Absent, null, false);
                break;
            default:
                throw new InvariantException($"unknown scene {scene}");
        }
    }

    /// <summary>The primary b says how far its WAL goes; this node has replayed to byte 1,000,000.</summary>
    public void HearPrimaryAt(ulong lsn) => _peers.Heard(B, new NodeFacts(
        "b", "127.0.0.1", 1, "127.0.0.1:2", "127.0.0.1:3", 1, 2, NodeRole.Primary, NodeState.Serving, lsn, 3, 1, true,
        false, [], null));

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        HealthOnly.Dispose();
        await _web.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private void Be(
        LeadershipPhase? phase, Posture posture, PostgresCondition condition, bool? isInRecovery, bool isStreaming,
        bool isVoter = true, DurabilityPolicy policy = default)
    {
        var term = new Term(3);
        var leader = phase is null ? B : A;
        var rule = new Rule(
            term, 0, leader, isVoter ? [new Voter(A, _incarnation)] : [new Voter(B, _incarnation)], policy);
        var position = new WalPosition(new Timeline(3), new Lsn(1_000_000));
        var snapshot = isInRecovery is not { } recovery ? null : new ServerSnapshot(
            recovery, new SystemIdentifier(77), new Timeline(3), new Lsn(1_000_000), new Lsn(1_000_000),
            new Lsn(1_000_500), null, TimeSpan.FromMinutes(1), 150_014, [], [], rule);
        _driver = new DriverReport(
            new PostgresStatus(condition, isInRecovery == false, position, null, null, isStreaming, rule), snapshot,
            DriverActivity.None, snapshot is null ? null : 4711, null);
        _loop = new LoopSnapshot(
            rule, new Leadership(term, leader), Promise.None, phase, posture, LeaderVerdict.Healthy, false,
            _time.GetTimestamp());
    }
}
