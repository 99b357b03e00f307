namespace Matriarch.Client;

/// <summary>The durability that is in force now.</summary>
/// <param name="Durability">In words, for example <c>majority (2 of 3)</c>.</param>
public sealed record DurabilityOutcome(string Durability);
