using System.Collections.Immutable;
using Matriarch.Client;
using Matriarch.Consensus;
using Matriarch.Core;
using Matriarch.Postgres;

namespace Matriarch.Agent.Tests;

/// <summary>Pictures of an instance of a, b and c in term 3, of which a is the leader.</summary>
internal static class Pictures
{
    public static readonly NodeId A = new("a");
    public static readonly NodeId B = new("b");
    public static readonly NodeId C = new("c");
    public static readonly Term Three = new(3);

    public static Rule Rule(DurabilityPolicy policy = default) => new(
        Three, 0, A, [new Voter(A, new Incarnation(1), "x"), new Voter(B, new Incarnation(2), "y"),
            new Voter(C, new Incarnation(3), "z")],
        policy);

    /// <summary>All is well, as the leader or another node sees it.</summary>
    public static StatusPicture Healthy(string self = "a", DurabilityPolicy policy = default)
    {
        var isLeader = self == "a";
        var rule = Rule(policy);
        var decided = new LoopSnapshot(
            rule, new Leadership(Three, A), new Promise(Three, PromiseKind.Following, A, 1),
            isLeader ? LeadershipPhase.Serving : null,
            isLeader ? new Posture.Leading(Three) : new Posture.Following(Three, A), LeaderVerdict.Healthy, false, 0);
        return new StatusPicture(
            new NodeId(self), decided, Report(PostgresCondition.Running, null, "b", "c"),
            [
                Node("a") with { Facts = Facts(NodeRole.Primary, NodeState.Serving) },
                Node("b"), Node("c"),
            ],
            PauseState.Never, StoreFaults.None, 16_000_000);
    }

    /// <summary>The driver's report; of a primary with these standbys attached.</summary>
    public static DriverReport Report(
        PostgresCondition condition, SynchronousStandbys? inForce, params string[] attached)
    {
        var snapshot = new ServerSnapshot(
            false, new SystemIdentifier(7), new Timeline(3), new Lsn(100), new Lsn(100), null, null, TimeSpan.Zero,
            150_000, [.. attached.Select(n => new WalSenderStatus(n, "streaming", null, null))], [], Rule());
        return new DriverReport(
            new PostgresStatus(condition, true, default, null, inForce, false, null), snapshot, DriverActivity.None, 1,
            null);
    }

    /// <summary>A streaming replica without lag.</summary>
    public static PictureNode Node(string name) => new(
        new NodeId(name), Facts(NodeRole.Replica, NodeState.Streaming), true, TimeSpan.Zero, 0, TimeSpan.Zero, false);

    public static NodeFacts Facts(NodeRole role, NodeState state, string? step = null, string? reason = null) => new(
        "x", "127.0.0.1", 1, "127.0.0.1:2", "127.0.0.1:3", 4, 5, role, state, 100, 3, 1, true, false, [], reason, null,
        step);

    /// <summary>The same, but of one node something else.</summary>
    public static StatusPicture With(this StatusPicture picture, string name, Func<PictureNode, PictureNode> change) =>
        picture with { Nodes = [.. picture.Nodes.Select(n => n.Id.Value == name ? change(n) : n)] };

    /// <summary>The same, but a node is in another state.</summary>
    public static StatusPicture Where(
        this StatusPicture picture, string name, NodeState state, string? step = null, string? reason = null) =>
        picture.With(name, n => n with { Facts = Facts(NodeRole.Replica, state, step, reason) });

    /// <summary>The same, but a node is not heard any more.</summary>
    public static StatusPicture Without(this StatusPicture picture, string name) =>
        picture.With(name, n => n with { IsHeard = false, Silence = TimeSpan.FromSeconds(7), LagBytes = null });

    /// <summary>The same, seen by the leader, with only these standbys attached.</summary>
    public static StatusPicture Attached(this StatusPicture picture, params string[] standbys) =>
        picture with { Driver = Report(PostgresCondition.Running, null, standbys) };

    /// <summary>As b sees it: the leader has failed.</summary>
    public static StatusPicture LeaderFailed()
    {
        var picture = Healthy("b").Without("a").Where("b", NodeState.Detached).Where("c", NodeState.Detached);
        return picture with { Decided = picture.Decided with { Verdict = LeaderVerdict.Failed } };
    }

    /// <summary>The one fact of a topic about the instance.</summary>
    public static StatusFact Only(this StatusPicture picture, string topic) =>
        Assert.Single(StatusFacts.Of(picture), f => f.Topic == topic && f.Node.IsNone);

    /// <summary>The one fact of a topic about a node.</summary>
    public static StatusFact Only(this StatusPicture picture, string topic, NodeId node) =>
        Assert.Single(StatusFacts.Of(picture), f => f.Topic == topic && f.Node == node);

    public static StatusFact Fact(
        string topic, string kind, FactSeverity severity = FactSeverity.Warning, string text = "because") =>
        StatusFact.OfInstance(topic, kind, severity, text);

    public static ImmutableArray<StatusFact> All(params StatusFact[] facts) => [.. facts];
}
