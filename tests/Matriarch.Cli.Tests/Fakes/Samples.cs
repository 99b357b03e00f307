using System.Collections.Immutable;
using Matriarch.Client;
using Matriarch.Core;

namespace Matriarch.Cli.Tests;

/// <summary>Clusters and nodes for tests of what is shown.</summary>
internal static class Samples
{
    public static LocalCluster Cluster(string root = "/tmp/none") => new(
        new ClusterPaths(root),
        "0123456789abcdef",
        "main",
        "majority",
        "/usr/lib/postgresql/15/bin",
        new LocalGateway("127.0.0.1", 6432, 20000),
        [.. "abc".Select((c, i) => new LocalNode(
            c.ToString(), c.ToString(), $"{root}/nodes/{c}", 20001 + i, 20011 + i, 20021 + i))]);

    public static NodeStatus Primary(string name) =>
        Node(name, NodeRole.Primary, NodeState.Serving) with { LagBytes = null };

    public static NodeStatus Replica(string name) => Node(name, NodeRole.Replica, NodeState.Streaming);

    public static NodeStatus Node(string name, NodeRole role, NodeState state) => new(
        name, name, role, state, "127.0.0.1", 20001 + name[0] - 'a', 4711, 4700, "0/3000148", 0, 75, null);

    public static InstanceStatus Instance(long term, string? primary, params NodeStatus[] nodes) =>
        new("main", term, term, primary, "majority (2 of 3)", nodes);

    public static FactEntry Fact(
        string topic, string kind, FactSeverity severity, string text, double seconds = 0, string? node = null,
        FactScope scope = FactScope.Instance) => new(
        topic, node, kind, severity, new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero), seconds, text, scope);

    public static AgentAnswer<StatusDocument> Says(InstanceStatus instance) =>
        new AgentAnswer<StatusDocument>.Answered(new StatusDocument([instance]));

    public static AgentAnswer<StatusDocument> IsSilent(string reason = "connection refused") =>
        new AgentAnswer<StatusDocument>.Unreachable(reason);

    public static ImmutableDictionary<string, AgentAnswer<StatusDocument>> Answers(
        params (string Node, AgentAnswer<StatusDocument> Answer)[] answers) =>
        answers.ToImmutableDictionary(a => a.Node, a => a.Answer);
}
