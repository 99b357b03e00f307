namespace Matriarch.Client;

/// <summary>Whether the instance is paused, by the newest word that the agent knows.</summary>
/// <param name="Paused">Whether it is.</param>
/// <param name="Reason">What was said; empty for nothing.</param>
/// <param name="By">The node whose agent took the request; empty when it was never paused.</param>
public sealed record PauseOutcome(bool Paused, string Reason, string By);
