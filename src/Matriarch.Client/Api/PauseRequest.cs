namespace Matriarch.Client;

/// <summary>Body of <c>PUT /v1/instances/{name}/pause</c>.</summary>
/// <param name="Paused">True to pause, false to resume.</param>
/// <param name="Reason">For other people; up to 200 characters.</param>
public sealed record PauseRequest(bool Paused, string? Reason);
