using Matriarch.Core;

namespace Matriarch.Postgres;

/// <summary>What came of making a standby stop following.</summary>
public abstract record DetachOutcome
{
    private DetachOutcome()
    {
    }

    /// <summary>No WAL arrives any more, everything that had arrived is replayed, and this is where it ends.</summary>
    public sealed record Detached(WalPosition Position) : DetachOutcome;

    /// <summary>Not known to be detached, or the position is not known. Nothing may be promised on it.</summary>
    public sealed record Failed(string Reason) : DetachOutcome;
}
