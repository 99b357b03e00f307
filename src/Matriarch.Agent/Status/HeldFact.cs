namespace Matriarch.Agent;

/// <summary>A fact that holds now, and since when.</summary>
/// <param name="Fact">With the latest text.</param>
/// <param name="Since">Monotonic.</param>
/// <param name="At">The same for people, UTC.</param>
internal sealed record HeldFact(StatusFact Fact, TimeSpan Since, DateTimeOffset At);
