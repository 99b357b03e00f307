namespace Matriarch.Postgres;

/// <summary>What came of a step of <see cref="Bookkeeping"/>.</summary>
public abstract record BookkeepingOutcome
{
    private BookkeepingOutcome()
    {
    }

    /// <summary>It is committed here, whoever else has it.</summary>
    /// <param name="Number">What the step returns: an id, or how many rows.</param>
    public sealed record Done(long Number) : BookkeepingOutcome;

    /// <summary>Nothing is known to have been changed.</summary>
    /// <param name="Reason">One line.</param>
    public sealed record Failed(string Reason) : BookkeepingOutcome;
}
