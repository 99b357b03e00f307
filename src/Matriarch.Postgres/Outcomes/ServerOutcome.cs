namespace Matriarch.Postgres;

/// <summary>The end of an operation that returns nothing but may fail.</summary>
public abstract record ServerOutcome
{
    private ServerOutcome()
    {
    }

    /// <summary>It is done and in effect.</summary>
    public sealed record Done : ServerOutcome;

    /// <summary>It is not done, or not known to be; trying again is allowed.</summary>
    /// <param name="Reason">One line for people, without secrets.</param>
    public sealed record Failed(string Reason) : ServerOutcome;

    /// <summary>The only value of <see cref="Done"/> worth having.</summary>
    internal static readonly ServerOutcome Success = new Done();
}
