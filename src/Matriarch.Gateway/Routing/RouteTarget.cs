using Matriarch.Core;

namespace Matriarch.Gateway;

/// <summary>The node that a session was opened for, and as what.</summary>
/// <param name="Node">The node.</param>
/// <param name="Host">Where it listened.</param>
/// <param name="Port">1 to 65535.</param>
/// <param name="Term">The term of the view.</param>
/// <param name="IsPrimary">Whether as the primary of that term.</param>
internal sealed record RouteTarget(NodeId Node, string Host, int Port, Term Term, bool IsPrimary)
{
    /// <summary>
    /// Why a session may not stay on this node under a newer view; null when it may. A primary's sessions last for its
    /// term, so that nobody reads what is no longer the newest. A replica's survive while it looks for a new leader.
    /// </summary>
    public string? WhyInvalid(InstanceView view)
    {
        if (IsPrimary)
        {
            if (view.Primary == Node && view.Term == Term)
            {
                return MovedAway(view.PrimaryNode);
            }

            var now = view.Primary is { } primary
                ? $"node {primary} leads term {view.Term}"
                : $"no node serves as primary (term {view.Term})";
            return $"node {Node} no longer leads term {Term}: {now}";
        }

        var entry = view.Nodes.FirstOrDefault(n => n.Name == Node);
        return entry switch
        {
            null => $"node {Node} has left",
            { Role: not NodeRole.Replica } => $"node {Node} is no longer a replica",
            {
                State: NodeState.Unreachable or NodeState.Stopped or NodeState.Failed or NodeState.Empty
                    or NodeState.Copying,
            } => $"node {Node} is {entry.State.ToString().ToLowerInvariant()}",
            _ => MovedAway(entry),
        };
    }

    private string? MovedAway(NodeView? entry) =>
        entry is null || (entry.Host == Host && entry.Port == Port)
            ? null
            : $"node {Node} has moved to {entry.Host}:{entry.Port}";
}
