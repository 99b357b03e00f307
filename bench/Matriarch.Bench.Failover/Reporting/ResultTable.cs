using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Matriarch.Bench.Failover;

/// <summary>The table for people.</summary>
internal static class ResultTable
{
    private static readonly ImmutableArray<string> Head =
        ["fault", "system", "runs", "p50", "p99", "max", "clients hit", "failed", "lost", "target", "met"];

    /// <summary>The table and what has to be known to read it.</summary>
    public static string Write(IReadOnlyList<Summary> rows)
    {
        ImmutableArray<ImmutableArray<string>> cells = [Head, .. rows.Select(Cells)];
        var widths = Enumerable.Range(0, Head.Length).Select(c => cells.Max(r => r[c].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var row in cells)
        {
            text.Append(string.Join("  ", row.Select((cell, c) => cell.PadRight(widths[c]))).TrimEnd()).Append('\n');
        }

        text.Append(
            "\nTimes are seconds of write outage: the longest time between two acknowledged commits of all clients "
            + "around the fault.\nclients hit: clients that saw any error, of all clients of all runs. failed: writes "
            + "+ attempts to connect.\n");
        var most = rows.Count == 0 ? 0 : rows.Max(r => r.Runs);
        if (most is > 0 and <= 100)
        {
            text.Append(CultureInfo.InvariantCulture, $"p99 of {most} runs or fewer is the maximum.\n");
        }

        foreach (var peer in rows.Where(r => r.System != MatriarchSystem.SystemName && r.P50 is not null))
        {
            var own = rows.FirstOrDefault(r => r.Fault == peer.Fault && r.System == MatriarchSystem.SystemName);
            if (own?.P50 is > 0)
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"{peer.Fault}: the median outage of {peer.System} is {peer.P50 / own.P50:0.0} times that of "
                    + $"{own.System}.\n");
            }
        }

        return text.ToString();
    }

    private static ImmutableArray<string> Cells(Summary row) =>
    [
        row.Fault,
        row.System,
        row.Failed == 0 ? Number(row.Runs) : $"{Number(row.Runs)} ({Number(row.Failed)} failed)",
        Seconds(row.P50),
        Seconds(row.P99),
        Seconds(row.Max),
        $"{Number(row.ClientsWithErrors)}/{Number(row.Clients)}",
        $"{Number(row.FailedWrites)} + {Number(row.FailedConnects)}",
        row.Lost is { } lost ? Number(lost) : "unknown",
        row.Target is { } target ? Words(target) : "-",
        row.IsMet switch { true => "yes", false => "no", null => "-" },
    ];

    private static string Words(Target target) => string.Create(
        CultureInfo.InvariantCulture,
        $"{target.Median.TotalSeconds:0.0#} / {target.Worst.TotalSeconds:0.0#}"
        + $"{(target.ClientsWithErrors is { } most ? $", {most} hit" : "")}");

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Seconds(double? milliseconds) =>
        milliseconds is { } value ? (value / 1000).ToString("0.000", CultureInfo.InvariantCulture) : "-";
}
