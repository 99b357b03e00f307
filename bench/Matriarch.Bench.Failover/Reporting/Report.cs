using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Matriarch.Bench.Failover;

/// <summary>
/// Gathers results, tells each as it comes, and keeps the JSON file current: what was measured before an interruption
/// is not lost.
/// </summary>
internal sealed class Report(BenchOptions options, MachineLook machine, TextWriter output, TimeProvider time)
{
    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private readonly List<RunResult> _results = [];
    private readonly SortedDictionary<string, int> _lostLater = new(StringComparer.Ordinal);

    private ImmutableSortedDictionary<string, string> _versions =
        ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal);

    public IReadOnlyList<RunResult> Results => _results;

    /// <summary>Whether no acknowledged write was lost, and every run came to its end.</summary>
    public bool IsClean => _results.All(r => r is { Failure: null, Lost: 0 }) && _lostLater.Values.All(l => l == 0);

    public Task SayAsync(string line) => output.WriteLineAsync(line);

    public void AddVersions(IEnumerable<KeyValuePair<string, string>> versions) =>
        _versions = _versions.SetItems(versions);

    /// <summary>Writes that were there after their run and are gone after a later one.</summary>
    public void AddLostLater(string system, int lost)
    {
        _lostLater[system] = _lostLater.GetValueOrDefault(system) + lost;
        if (lost > 0)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{system}: {lost} writes of an earlier run were lost in a later one"));
        }

        Save();
    }

    /// <summary>A run has ended.</summary>
    public void Add(RunResult result, int of)
    {
        _results.Add(result);
        output.WriteLine(Line(result, of));
        Save();
    }

    private static string Line(RunResult r, int of) => string.Create(
        CultureInfo.InvariantCulture,
        $"{r.System} {r.Fault} {r.Run}/{of}: outage {Seconds(r.OutageMs)}, {r.Primary} -> {r.Successor ?? "nobody"}, "
        + $"{r.ClientsWithErrors} of {r.Clients} clients hit ({r.FailedWrites} writes, {r.FailedConnects} connects), "
        + $"lost {r.Lost?.ToString(CultureInfo.InvariantCulture) ?? "unknown"} of {r.Acknowledged}, "
        + $"healed in {Seconds(r.HealMs)} with a gap of {Seconds(r.HealingGapMs)}, load {r.LoadBefore:0.0}"
        + $"{(r.Failure is null ? "" : $"\n  FAILED: {r.Failure}")}");

    private static string Seconds(double? milliseconds) => milliseconds is { } value
        ? (value / 1000).ToString("0.000 s", CultureInfo.InvariantCulture)
        : "-";

    private void Save()
    {
        if (options.Output is not { } path)
        {
            return;
        }

        var document = new
        {
            startedAt = _startedAt,
            machine,
            versions = _versions,
            settings = new
            {
                options.Runs, options.PeerRuns, options.Clients, options.Seed,
                peers = options.Peers, faults = options.Faults.Select(FaultNames.Of),
            },
            quantiles = "nearest rank: p99 of 100 runs or fewer is the maximum",
            summary = Summary.Of(_results),
            lostLater = _lostLater,
            runs = _results,
        };
        File.WriteAllText(path + ".new", JsonSerializer.Serialize(document, Form) + "\n");
        File.Move(path + ".new", path, overwrite: true);
    }
}
