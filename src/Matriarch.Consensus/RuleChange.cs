using Matriarch.Core;

namespace Matriarch.Consensus;

/// <summary>
/// A rule row on its way: first PostgreSQL's synchronous standbys where a voter is added, then the row, then the proof
/// that a quorum holds it; where a voter is removed the standbys come last (docs/mistakes.md, 7).
/// </summary>
internal sealed class RuleChange(Rule rule, RuleChangeKind kind, TimeSpan startedAt)
{
    public Rule Rule { get; } = rule;

    public RuleChangeKind Kind { get; } = kind;

    public TimeSpan StartedAt { get; } = startedAt;

    /// <summary>
    /// The commit of the row waits for the synchronous standbys. The row of a change that lets commits wait for fewer
    /// does not: the voter that is to go, or the copies that are too many, may be what nobody will ever have. It counts
    /// once a quorum of its own is seen to hold it, and with it everything before it.
    /// </summary>
    public bool Waits { get; } = kind is RuleChangeKind.NewTerm or RuleChangeKind.AddVoter;

    /// <summary>When the row was last handed to PostgreSQL; null before.</summary>
    public TimeSpan? IssuedAt { get; set; }

    /// <summary>A write is under way.</summary>
    public bool IsWriting { get; set; }

    /// <summary>The position behind the committed row; null until the commit has returned.</summary>
    public Lsn? WrittenAt { get; set; }

    /// <summary>How often the commit returned without having been seen to wait for anybody.</summary>
    public int UnwaitedWrites { get; set; }
}
