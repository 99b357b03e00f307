using Matriarch.Core;

namespace Matriarch.Topology.Tests;

/// <summary>Records to start from.</summary>
internal static class Samples
{
    public static NodeRecord Node(
        string name, NodeRole role = NodeRole.Replica, NodeState state = NodeState.Streaming) => new(
        new NodeId(name), $"cell-{name}", "127.0.0.1", 7001, "http://127.0.0.1:7101", "127.0.0.1:7201",
        new Incarnation(1), Observer: false, [], role, state, LagBytes: null, HasData: true);

    public static NewEvent Event(string message) => new(
        new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.FromHours(1)), new NodeId("a"), "leadership-changed",
        EventSeverity.Warning, message, new Term(3));
}
