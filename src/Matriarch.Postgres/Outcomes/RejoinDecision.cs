using Matriarch.Core;

namespace Matriarch.Postgres;

/// <summary>How a node can come to follow an upstream, decided from timeline histories, never from timeline
/// numbers.</summary>
public abstract record RejoinDecision
{
    private RejoinDecision()
    {
    }

    /// <summary>Its WAL is a prefix of the upstream's, and the upstream still has the rest.</summary>
    public sealed record CanFollow : RejoinDecision
    {
        internal CanFollow(WalPosition own, UpstreamState upstream) => (Own, Upstream) = (own, upstream);

        /// <summary>Where its WAL ended; it has to follow nobody from then until it follows this upstream.</summary>
        internal WalPosition Own { get; }

        /// <summary>What the upstream said of itself; its history does not change while its term lasts.</summary>
        internal UpstreamState Upstream { get; }
    }

    /// <summary>It has WAL that the upstream's history does not contain.</summary>
    /// <param name="Own">Where its WAL ends.</param>
    /// <param name="Fork">Where the two histories part.</param>
    public sealed record NeedsRewind(WalPosition Own, Lsn Fork) : RejoinDecision;

    /// <summary>Only a fresh copy helps.</summary>
    public sealed record NeedsCopy(string Reason) : RejoinDecision;

    /// <summary>The upstream belongs to another instance. Nothing may be done to either.</summary>
    public sealed record Stranger(SystemIdentifier Upstream) : RejoinDecision;

    /// <summary>It could not be found out now; try again.</summary>
    public sealed record Unknown(string Reason) : RejoinDecision;
}
