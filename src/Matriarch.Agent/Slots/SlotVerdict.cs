namespace Matriarch.Agent;

/// <summary>What a copy of a logical slot on this standby is worth.</summary>
/// <param name="Name">Of the slot.</param>
/// <param name="IsReady">Were this node promoted now, its subscriber could go on here and miss nothing.</param>
/// <param name="Reason">Why it is not ready; null when it is.</param>
internal sealed record SlotVerdict(string Name, bool IsReady, string? Reason)
{
    public static SlotVerdict Ready(string name) => new(name, true, null);

    public static SlotVerdict NotReady(string name, string reason) => new(name, false, reason);
}
