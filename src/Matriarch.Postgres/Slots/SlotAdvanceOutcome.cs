namespace Matriarch.Postgres;

/// <summary>How moving a slot forward ended.</summary>
public abstract record SlotAdvanceOutcome
{
    private SlotAdvanceOutcome()
    {
    }

    /// <summary>It stands where it was to stand, or at the end of what is replayed.</summary>
    public sealed record Done : SlotAdvanceOutcome;

    /// <summary>WAL or a snapshot that it needs is not here: this copy will never be of use.</summary>
    public sealed record Broken(string Reason) : SlotAdvanceOutcome;

    /// <summary>Not now.</summary>
    public sealed record Failed(string Reason) : SlotAdvanceOutcome;
}
