using Matriarch.Topology;

namespace Matriarch.Agent;

/// <summary>Another node as this agent knows it.</summary>
/// <param name="Record">What it says of itself; unreachable, of unknown role, once it is not heard any more.</param>
/// <param name="IsHeard">Whether it has been heard lately.</param>
/// <param name="Carries">Whether its agent says that it uses the store of its cell.</param>
internal sealed record KnownNode(NodeRecord Record, bool IsHeard, bool Carries);
