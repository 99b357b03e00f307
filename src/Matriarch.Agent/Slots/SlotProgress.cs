using Matriarch.Postgres;

namespace Matriarch.Agent;

/// <summary>What the looks at one slot have shown since this standby began to stream from its primary.</summary>
/// <param name="IsProtected">The primary was seen to keep the catalogue rows that the copy needs.</param>
/// <param name="Floor">
/// Rows from this transaction on cannot have been vacuumed before they were protected; null before that is known.
/// </param>
/// <param name="IsDecoded">The copy was moved forward here, so the WAL that it begins with is here.</param>
internal sealed record SlotProgress(bool IsProtected, Xid? Floor, bool IsDecoded)
{
    /// <summary>Before the first look.</summary>
    public static readonly SlotProgress None = new(false, null, false);
}
