using Matriarch.Core;

namespace Matriarch.Agent;

/// <summary>A standby as the leader sees it when it decides whose turn it is.</summary>
/// <param name="Node">Which.</param>
/// <param name="IsVoter">By the rule in force.</param>
/// <param name="IsStreaming">It is heard, and says that it streams.</param>
/// <param name="Waiting">Slots that it could load by a restart.</param>
internal sealed record TurnCandidate(NodeId Node, bool IsVoter, bool IsStreaming, int Waiting);
