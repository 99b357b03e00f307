namespace Matriarch.Consensus;

/// <summary>One announcement that a leader will hand over.</summary>
/// <param name="id">Tells it from those before, in one process.</param>
/// <param name="until">Monotonic time by which it hands over, whatever still runs.</param>
/// <param name="reason">For people.</param>
internal sealed class Drain(ulong id, TimeSpan until, string reason)
{
    public ulong Id { get; } = id;

    public TimeSpan Until { get; } = until;

    public string Reason { get; } = reason;

    /// <summary>No transaction runs any more.</summary>
    public bool IsOver { get; set; }
}
