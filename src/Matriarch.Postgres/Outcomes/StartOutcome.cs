using System.Collections.Immutable;

namespace Matriarch.Postgres;

/// <summary>What came of starting PostgreSQL.</summary>
public abstract record StartOutcome
{
    private StartOutcome()
    {
    }

    /// <summary>It accepts connections, as a standby.</summary>
    /// <param name="PostmasterPid">Its process id.</param>
    /// <param name="RemovedSettings">
    /// Settings of ours that somebody had set with ALTER SYSTEM and that were removed before the start; worth an event.
    /// </param>
    public sealed record Running(int PostmasterPid, ImmutableArray<string> RemovedSettings) : StartOutcome;

    /// <summary>It lives but does not accept connections within the deadline, for example because it is still
    /// replaying.</summary>
    /// <param name="PostmasterPid">Its process id; it goes on starting.</param>
    /// <param name="Reason">One line.</param>
    public sealed record StillStarting(int PostmasterPid, string Reason) : StartOutcome;

    /// <summary>It does not run.</summary>
    /// <param name="Reason">One line.</param>
    /// <param name="LogTail">The last lines that PostgreSQL wrote in this attempt, at most 20.</param>
    public sealed record Failed(string Reason, string LogTail) : StartOutcome;
}
