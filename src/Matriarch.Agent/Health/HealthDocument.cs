using Matriarch.Core;

namespace Matriarch.Agent;

/// <summary>The body of an answer to a health question. It needs no token, so it tells no more than this.</summary>
/// <param name="Role">What the node is to clients; unknown while consensus has not stepped lately.</param>
/// <param name="State">What it is doing.</param>
/// <param name="Term">The newest that it knows; 0 before the first.</param>
/// <param name="LagBytes">WAL of the primary that it has not replayed; null when not known.</param>
/// <param name="Reason">Why the answer is no; null when it is yes.</param>
internal sealed record HealthDocument(NodeRole Role, NodeState State, long Term, long? LagBytes, string? Reason);
