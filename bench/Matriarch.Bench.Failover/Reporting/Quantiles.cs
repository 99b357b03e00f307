namespace Matriarch.Bench.Failover;

/// <summary>
/// Quantiles by nearest rank: always a value that was measured, so the 0.99 of 30 runs is the largest.
/// </summary>
internal static class Quantiles
{
    /// <summary>The smallest value that at least this part of all values does not exceed.</summary>
    /// <param name="values">In any order; at least one.</param>
    /// <param name="part">Above 0, at most 1.</param>
    public static double Of(IReadOnlyList<double> values, double part)
    {
        ArgumentOutOfRangeException.ThrowIfZero(values.Count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(part);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(part, 1);
        // What a product such as 0.07 * 100 has too much is no rank.
        var rank = (int)Math.Ceiling((part * values.Count) - 1e-9);
        return values.Order().ElementAt(Math.Max(rank, 1) - 1);
    }
}
