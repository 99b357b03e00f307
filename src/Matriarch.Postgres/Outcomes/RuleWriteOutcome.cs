using Matriarch.Core;

namespace Matriarch.Postgres;

/// <summary>What came of committing a rule row.</summary>
public abstract record RuleWriteOutcome
{
    private RuleWriteOutcome()
    {
    }

    /// <summary>COMMIT returned without a warning.</summary>
    /// <param name="CommitLsn">At or after the end of the commit record; a follower that flushed it has the
    /// row.</param>
    /// <param name="WasSeenWaiting">Whether the wait for synchronous standbys was observed.</param>
    public sealed record Committed(Lsn CommitLsn, bool WasSeenWaiting) : RuleWriteOutcome;

    /// <summary>Another rule of this term and revision is there already; nothing was written.</summary>
    public sealed record Conflict(Rule Existing) : RuleWriteOutcome;

    /// <summary>
    /// Not known to be replicated: an error, a lost connection, or the warning with which PostgreSQL reports a wait
    /// that was cancelled as a success. The row may exist.
    /// </summary>
    public sealed record Unknown(string Reason) : RuleWriteOutcome;
}
