using System.Collections.Immutable;

namespace Matriarch.Agent;

/// <summary>What is known of the slots of a node on one timeline.</summary>
/// <param name="Timeline">Its id.</param>
/// <param name="IsAll">Every slot is ready but these; otherwise these and no others.</param>
/// <param name="Names">By name.</param>
internal sealed record SlotLedgerEntry(uint Timeline, bool IsAll, ImmutableArray<string> Names)
{
    public bool IsAs(SlotLedgerEntry other) => (Timeline, IsAll) == (other.Timeline, other.IsAll)
        && Names.SequenceEqual(other.Names, StringComparer.Ordinal);
}
