namespace Matriarch.Agent;

/// <summary>A slot that is to be dropped on this standby, and why.</summary>
internal sealed record SlotDrop(string Name, string Reason);
