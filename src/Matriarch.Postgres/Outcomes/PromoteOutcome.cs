using Matriarch.Core;

namespace Matriarch.Postgres;

/// <summary>What came of a promotion.</summary>
public abstract record PromoteOutcome
{
    private PromoteOutcome()
    {
    }

    /// <summary>It is a primary and writes the timeline that was asked for.</summary>
    /// <param name="Elapsed">From the request until it left recovery.</param>
    public sealed record Promoted(TimeSpan Elapsed) : PromoteOutcome;

    /// <summary>It is a primary on another timeline: it must be stopped at once, and never serve.</summary>
    public sealed record WrongTimeline(Timeline Actual) : PromoteOutcome;

    /// <summary>It did not become a primary, or it is not known whether it did: it must be stopped before anything
    /// else.</summary>
    public sealed record Failed(string Reason) : PromoteOutcome;
}
