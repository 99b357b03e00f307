using Matriarch.Core;

namespace Matriarch.Gateway;

/// <summary>The document of <c>GET /v1/status</c>.</summary>
/// <param name="Instance">The instance that is served.</param>
/// <param name="State">serving, waiting (no serving primary is known) or stopping.</param>
/// <param name="UptimeSeconds">Since start.</param>
/// <param name="Sessions">Clients, by what they do.</param>
/// <param name="View">The view that sessions are routed by; null while nothing is known.</param>
internal sealed record GatewayStatus(
    string Instance, string State, double UptimeSeconds, GatewayStatus.SessionCounts Sessions,
    GatewayStatus.ViewStatus? View)
{
    /// <param name="Open">With a node.</param>
    /// <param name="Held">Waiting for one.</param>
    /// <param name="Clients">Past startup: open, held, or being refused.</param>
    /// <param name="MaxClients">The limit.</param>
    /// <param name="Parked">Held by a switchover.</param>
    /// <param name="Moved">Moved to another node by switchovers, since the start.</param>
    /// <param name="Unmovable">That a switchover could not move, since the start.</param>
    internal sealed record SessionCounts(
        int Open, int Held, int Clients, int MaxClients, int Parked, long Moved, long Unmovable);

    internal sealed record ViewStatus(
        uint Term, int Revision, string? Primary, bool IsDraining, IReadOnlyList<NodeStatus> Nodes);

    /// <param name="Name">The node.</param>
    /// <param name="Cell">Its failure domain.</param>
    /// <param name="Role">What it is to clients.</param>
    /// <param name="State">What it is doing.</param>
    /// <param name="Host">Where it listens.</param>
    /// <param name="Port">1 to 65535.</param>
    /// <param name="LagBytes">WAL not yet replayed; null when unknown.</param>
    /// <param name="Sessions">Of this gateway.</param>
    /// <param name="StalenessSeconds">
    /// How old its data may be; null when it is not known, or not asked for (gateway.max-replica-staleness).
    /// </param>
    internal sealed record NodeStatus(
        string Name, string Cell, string Role, string State, string Host, int Port, long? LagBytes, int Sessions,
        double? StalenessSeconds);

    public static GatewayStatus Of(
        GatewaySetup setup, InstanceView? view, SessionRegistry sessions, ClientServing serving, Parking parking,
        StalenessWatch staleness, bool isStopping, TimeSpan uptime)
    {
        var state = isStopping ? "stopping" : view?.PrimaryNode is null ? "waiting" : "serving";
        var counts =
            new SessionCounts(
                sessions.Count, serving.Held.Taken, serving.Clients.Taken, serving.Clients.Limit,
                parking.Places.Taken, parking.Moved, parking.Refused);
        var nodes = view is null
            ? null
            : new ViewStatus(
                view.Term.Value, view.Revision, view.Primary?.Value, view.IsDraining,
                [.. view.Nodes.Select(n => Of(n, sessions.CountOf(n.Name), staleness.Of(n.Name)))]);
        return new GatewayStatus(setup.Instance, state, uptime.TotalSeconds, counts, nodes);
    }

    private static NodeStatus Of(NodeView node, int sessions, TimeSpan? staleness) => new(
        node.Name.Value, node.Cell, node.Role.ToString().ToLowerInvariant(), node.State.ToString().ToLowerInvariant(),
        node.Host, node.Port, node.LagBytes, sessions,
        staleness is { } age ? Math.Round(age.TotalSeconds, 3) : null);
}
