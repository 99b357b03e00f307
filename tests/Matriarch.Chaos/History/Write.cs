namespace Matriarch.Chaos;

/// <summary>One transaction that inserts rows with successive ids, which no other transaction has.</summary>
/// <param name="First">The id of its first row.</param>
/// <param name="Count">How many rows; at least 1.</param>
/// <param name="Invoked">When it was sent, on the clock of the history.</param>
/// <param name="Completed">When the client heard, or gave up.</param>
/// <param name="Outcome">What it heard.</param>
/// <param name="By">Who did it; null unless it was acknowledged.</param>
/// <param name="Error">SQLSTATE or the kind of exception; null when acknowledged.</param>
internal sealed record Write(
    long First, int Count, TimeSpan Invoked, TimeSpan Completed, Outcome Outcome, Answerer? By, string? Error = null)
{
    /// <summary>The ids of its rows.</summary>
    public IEnumerable<long> Ids => Enumerable.Range(0, Count).Select(i => First + i);

    public override string ToString() => FormattableString.Invariant(
        $"{Invoked.TotalSeconds:F3}-{Completed.TotalSeconds:F3} write {First}+{Count}: {Outcome} {Error}{By}");
}
