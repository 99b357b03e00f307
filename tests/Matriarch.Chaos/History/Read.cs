using System.Collections.Immutable;

namespace Matriarch.Chaos;

/// <summary>All rows from an id on, as one statement saw them.</summary>
/// <param name="IsDirect">From a replica, asked directly; otherwise from the primary through the gateway.</param>
/// <param name="Invoked">When it was sent, on the clock of the history.</param>
/// <param name="Completed">When all of the answer was there.</param>
/// <param name="From">The lowest id that it asked for.</param>
/// <param name="Ids">What it saw, ascending.</param>
/// <param name="By">Who answered.</param>
/// <param name="InRecovery">Whether the server was a standby.</param>
internal sealed record Read(
    bool IsDirect, TimeSpan Invoked, TimeSpan Completed, long From, ImmutableArray<long> Ids, Answerer By,
    bool InRecovery)
{
    /// <summary>Whether it saw a row.</summary>
    public bool Has(long id) => Ids.BinarySearch(id) >= 0;

    public override string ToString() => FormattableString.Invariant(
        $"{Invoked.TotalSeconds:F3}-{Completed.TotalSeconds:F3} read from {From}: {Ids.Length} rows up to ")
        + FormattableString.Invariant($"{(Ids.IsEmpty ? 0 : Ids[^1])} {By}{(InRecovery ? " (standby)" : "")}");
}
