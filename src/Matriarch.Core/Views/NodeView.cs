using System.Collections.Immutable;

namespace Matriarch.Core;

/// <summary>One node of an instance as gateways see it.</summary>
/// <param name="Name">The node.</param>
/// <param name="Cell">The failure domain in which it lives.</param>
/// <param name="Role">What it is to clients.</param>
/// <param name="State">What it is doing; replicas are routed to only while <see cref="NodeState.Streaming"/>.</param>
/// <param name="Host">Where its PostgreSQL listens.</param>
/// <param name="Port">1 to 65535.</param>
/// <param name="LagBytes">WAL not yet replayed, as last heard; null when unknown.</param>
/// <param name="Tags">Free words by which clients may ask for it.</param>
public sealed record NodeView(
    NodeId Name, string Cell, NodeRole Role, NodeState State, string Host, int Port, long? LagBytes,
    ImmutableArray<string> Tags)
{
    /// <summary>host:port of its agent's API; null when it is not known.</summary>
    public string? Api { get; init; }
}
