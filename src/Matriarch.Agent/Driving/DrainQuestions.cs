namespace Matriarch.Agent;

/// <summary>What the driver has to know to tell that a drain has ended.</summary>
/// <param name="IsAnnounced">Whether this node's leadership is draining.</param>
/// <param name="HaveGatewaysParked">Whether every gateway that asks this agent has acted on the announcement.</param>
internal sealed record DrainQuestions(Func<bool> IsAnnounced, Func<bool> HaveGatewaysParked);
