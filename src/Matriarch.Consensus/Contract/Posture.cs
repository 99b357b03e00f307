using Matriarch.Core;

namespace Matriarch.Consensus;

/// <summary>
/// What consensus wants of the local PostgreSQL: a level, not an edge. The driver works towards the latest one and
/// reports the one that it has fully reached, so a lost or repeated instruction means nothing.
/// </summary>
public abstract record Posture
{
    private Posture()
    {
    }

    /// <summary>Leave PostgreSQL alone: there is no data, or nothing is known yet.</summary>
    public sealed record Idle : Posture;

    /// <summary>
    /// Run as a standby that follows nobody, everything received replayed, so that the position is exact and stays. A
    /// primary is stopped at once and started again as a standby.
    /// </summary>
    public sealed record Detached(Term Term) : Posture;

    /// <summary>
    /// Run as a standby of another recruit of this term until everything to the position is here; neither rewind nor
    /// copy. Reached once it is.
    /// </summary>
    public sealed record Fetching(Term Term, NodeId Holder, WalPosition Base) : Posture;

    /// <summary>Run as a standby of the leader of this term; rewind or copy first where needed.</summary>
    public sealed record Following(Term Term, NodeId Leader) : Posture;

    /// <summary>Be the primary on the timeline of this term; promote if it is still a standby.</summary>
    public sealed record Leading(Term Term) : Posture;

    /// <summary>Stopped cleanly after every follower has received all WAL: the first half of a switchover.</summary>
    public sealed record HandedOver(Term Term) : Posture;
}
