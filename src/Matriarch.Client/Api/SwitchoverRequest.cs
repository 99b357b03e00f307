namespace Matriarch.Client;

/// <summary>Body of <c>POST /v1/instances/{name}/switchover</c>.</summary>
/// <param name="To">The node that shall lead; null lets the agent choose the most advanced replica.</param>
public sealed record SwitchoverRequest(string? To);
