using System.Collections.Immutable;

namespace Matriarch.Topology;

/// <summary>One step of a watch.</summary>
/// <param name="Kind">Whether this replaces what is known or adds to it.</param>
/// <param name="Written">Entries as they now are, oldest write first (in a snapshot or reset: all of them).</param>
/// <param name="Deleted">Keys that are gone; empty in a snapshot or reset.</param>
public sealed record ChangeSet(ChangeSetKind Kind, ImmutableArray<StoreEntry> Written, ImmutableArray<StoreKey> Deleted)
{
    /// <summary>True when the reader must forget every key that is not in <see cref="Written"/>.</summary>
    public bool IsComplete => Kind != ChangeSetKind.Delta;
}
