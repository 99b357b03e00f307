using Matriarch.Core;

namespace Matriarch.Topology;

/// <summary><c>instances/{instance}/bootstrap</c>: who made, or is making, the first data directory.</summary>
/// <param name="Node">The holder of the claim.</param>
/// <param name="Incarnation">In which life it claimed.</param>
/// <param name="State">How far it is.</param>
/// <param name="SystemIdentifier">The instance's identity; none until done.</param>
public sealed record BootstrapRecord(
    NodeId Node, Incarnation Incarnation, BootstrapState State, SystemIdentifier SystemIdentifier);
