using Matriarch.Core;

namespace Matriarch.Agent;

/// <summary>One node as this agent sees it at a moment.</summary>
/// <param name="Id">The node.</param>
/// <param name="Facts">Its own word.</param>
/// <param name="IsHeard">Whether that word is recent; true of this node itself.</param>
/// <param name="Silence">Since its last word; null when it has not been heard since this agent started.</param>
/// <param name="LagBytes">WAL of the primary that it has not replayed; null when not known.</param>
/// <param name="StandsStill">Since it last streamed and either replayed something or lacked nothing.</param>
/// <param name="IsWalGone">WAL that it still needs is not kept for it any more.</param>
internal sealed record PictureNode(
    NodeId Id, NodeFacts Facts, bool IsHeard, TimeSpan? Silence, long? LagBytes, TimeSpan StandsStill, bool IsWalGone);
