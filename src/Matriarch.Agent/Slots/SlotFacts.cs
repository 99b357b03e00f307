namespace Matriarch.Agent;

/// <summary>What agents tell each other about logical slots; it travels with heartbeats.</summary>
/// <param name="Present">Persistent logical slots of the node.</param>
/// <param name="Waiting">Slots that a standby could load if it were restarted.</param>
/// <param name="Turn">Leader: the standby whose turn it is to restart; null for none.</param>
/// <param name="TurnNumber">Counts the turns of this leader; a standby takes each once.</param>
internal sealed record SlotFacts(int Present, int Waiting, string? Turn, ulong TurnNumber);
