namespace Matriarch.Client;

/// <summary>Body of <c>POST /v1/instances/{name}/switchover</c>.</summary>
/// <param name="To">The node that shall lead; null lets the agent choose the most advanced replica.</param>
/// <param name="DrainSeconds">How long running transactions may take before it hands over, 0 to 30; null for
/// <c>consensus.drain-timeout</c> of the leader.</param>
public sealed record SwitchoverRequest(string? To, double? DrainSeconds = null);
