namespace Matriarch.Client;

/// <summary>Answer of a switchover that is done: the new leader serves.</summary>
/// <param name="Term">The new term.</param>
/// <param name="Primary">The new leader.</param>
public sealed record SwitchoverOutcome(long Term, string Primary);
