using System.Collections.Immutable;

namespace Matriarch.Bench.Failover;

/// <summary>All runs of one fault on one system, as a row of the table. Times in milliseconds.</summary>
/// <param name="Fault">The fault.</param>
/// <param name="System">The system.</param>
/// <param name="Runs">How many there were.</param>
/// <param name="Failed">How many of them did not come to their end.</param>
/// <param name="P50">Median of the write outages; null when no run has one.</param>
/// <param name="P99">The 0.99 quantile.</param>
/// <param name="Max">The longest.</param>
/// <param name="Clients">Clients of all runs together.</param>
/// <param name="ClientsWithErrors">Those of them that saw any error.</param>
/// <param name="FailedWrites">Of all runs.</param>
/// <param name="FailedConnects">Of all runs.</param>
/// <param name="Lost">Acknowledged writes that were lost; null when a run could not be read back.</param>
/// <param name="Target">The target; null for peers and where none is set.</param>
/// <param name="IsMet">Null without a target.</param>
internal sealed record Summary(
    string Fault, string System, int Runs, int Failed, double? P50, double? P99, double? Max, int Clients,
    int ClientsWithErrors, int FailedWrites, int FailedConnects, int? Lost, Target? Target, bool? IsMet)
{
    /// <summary>One row for each fault and system, in the order of the faults.</summary>
    public static ImmutableArray<Summary> Of(IEnumerable<RunResult> results) =>
    [
        .. results.GroupBy(r => (r.Fault, r.System)).Select(g => Of(g.Key.Fault, g.Key.System, [.. g]))
            .OrderBy(s => FaultNames.Find(s.Fault)), // stable: systems stay in the order of their runs
    ];

    private static Summary Of(string fault, string system, ImmutableArray<RunResult> runs)
    {
        double[] outages = [.. runs.Select(r => r.OutageMs).OfType<double>()];
        var failed = runs.Count(r => r.Failure is not null);
        var clientsWithErrors = runs.Sum(r => r.ClientsWithErrors);
        int? lost = runs.Any(r => r.Lost is null) ? null : runs.Sum(r => r.Lost!.Value);
        double? At(double part) => outages.Length == 0 ? null : Quantiles.Of(outages, part);
        var target = system == MatriarchSystem.SystemName && FaultNames.Find(fault) is { } known
            ? Failover.Target.Of(known)
            : null;
        bool? isMet = target is null ? null
            : failed == 0 && lost == 0 && outages.Length > 0
                && At(0.5) <= target.Median.TotalMilliseconds && At(0.99) <= target.Worst.TotalMilliseconds
                && (target.ClientsWithErrors is not { } most || clientsWithErrors <= most);
        return new Summary(
            fault, system, runs.Length, failed, At(0.5), At(0.99), At(1), runs.Sum(r => r.Clients), clientsWithErrors,
            runs.Sum(r => r.FailedWrites), runs.Sum(r => r.FailedConnects), lost, target, isMet);
    }
}
