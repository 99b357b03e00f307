using System.Collections.Immutable;
using Matriarch.Core;

namespace Matriarch.Topology;

/// <summary><c>nodes/{instance}/{node}</c>: a node's addresses and what it says of itself.</summary>
/// <param name="Name">The node.</param>
/// <param name="Cell">Its failure domain.</param>
/// <param name="Host">Where PostgreSQL listens.</param>
/// <param name="Port">1 to 65535.</param>
/// <param name="Api">The agent's HTTP endpoint, for example <c>http://127.0.0.1:7100</c>.</param>
/// <param name="Heartbeat">Where the agent takes heartbeats: <c>host:port</c>, UDP.</param>
/// <param name="Incarnation">The present life of its promises.</param>
/// <param name="Observer">True: it replicates but does not vote.</param>
/// <param name="Tags">Free words.</param>
/// <param name="Role">What it believes to be.</param>
/// <param name="State">What its PostgreSQL is doing.</param>
/// <param name="LagBytes">WAL not yet replayed; null when unknown.</param>
/// <param name="HasData">Whether it has a data directory.</param>
public sealed record NodeRecord(
    NodeId Name, string Cell, string Host, int Port, string Api, string Heartbeat, Incarnation Incarnation,
    bool Observer, ImmutableArray<string> Tags, NodeRole Role, NodeState State, long? LagBytes, bool HasData)
{
    public bool Equals(NodeRecord? other) =>
        other is not null && Name == other.Name && Cell == other.Cell && Host == other.Host && Port == other.Port
        && Api == other.Api && Heartbeat == other.Heartbeat && Incarnation == other.Incarnation
        && Observer == other.Observer && Role == other.Role && State == other.State && LagBytes == other.LagBytes
        && HasData == other.HasData && Tags.AsSpan().SequenceEqual(other.Tags.AsSpan());

    public override int GetHashCode() =>
        HashCode.Combine(Name, Host, Port, Incarnation, Role, State, LagBytes, HasData);
}
