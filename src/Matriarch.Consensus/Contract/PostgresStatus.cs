using Matriarch.Core;

namespace Matriarch.Consensus;

/// <summary>What the driver sees of the local PostgreSQL.</summary>
/// <param name="Condition">Whether it runs.</param>
/// <param name="IsPrimary">True when it runs and is not in recovery.</param>
/// <param name="Position">
/// End of its WAL. Exact and final while <paramref name="Reached"/> is
/// <see cref="Posture.Detached"/>; otherwise the flushed end as last seen.
/// </param>
/// <param name="Reached">The posture that holds fully now; null while on the way or after the agent's start.</param>
/// <param name="Synchronous">The synchronous standbys that are proven to be in effect; null when not known.</param>
/// <param name="IsStreaming">The WAL receiver streams from the leader of the posture.</param>
/// <param name="Rule">
/// The newest rule row in the database, as of the position; null where there is none or it is unread.
/// </param>
/// <param name="Counts">
/// False while the data may lack WAL that this node has acknowledged before (after a rewind, until it has caught up);
/// such a node neither answers a recruitment nor leads.
/// </param>
public sealed record PostgresStatus(
    PostgresCondition Condition,
    bool IsPrimary,
    WalPosition Position,
    Posture? Reached,
    SynchronousStandbys? Synchronous,
    bool IsStreaming,
    Rule? Rule,
    bool Counts = true)
{
    /// <summary>Nothing seen yet.</summary>
    public static readonly PostgresStatus Unknown = new(
        PostgresCondition.Busy, false, default, null, null, false, null);
}
