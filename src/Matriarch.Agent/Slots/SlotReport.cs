using System.Collections.Immutable;

namespace Matriarch.Agent;

/// <summary>What a standby knows of its copies of the primary's logical slots.</summary>
/// <param name="Verdicts">One for each slot that is to survive, by name.</param>
/// <param name="UnreadySince">
/// Monotonic time stamp from which on some slot has not been ready; null when all are.
/// </param>
/// <param name="Waiting">Slots that a restart of PostgreSQL could load.</param>
internal sealed record SlotReport(ImmutableArray<SlotVerdict> Verdicts, long? UnreadySince, int Waiting)
{
    /// <summary>No slots, or nothing is known of them.</summary>
    public static readonly SlotReport Nothing = new([], null, 0);
}
