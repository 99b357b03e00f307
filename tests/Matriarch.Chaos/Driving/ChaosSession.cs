using System.Globalization;
using Matriarch.TestKit;

namespace Matriarch.Chaos;

/// <summary>
/// The whole run, inside the lab, on the host of the clients. A cluster lives through all rounds; after one that failed
/// a new one is made, so that the next round begins well.
/// </summary>
internal sealed class ChaosSession(
    ChaosOptions options, LabNetwork network, string directory, TextWriter output, TimeProvider time)
{
    private const int MostFailures = 5;
    private readonly Schedule _schedule = new(options.Faults, options.Seed);
    private readonly List<RoundResult> _results = [];
    private readonly string _logs = options.Logs ?? Path.Combine(
        options.Directory, FormattableString.Invariant($"matriarch-chaos-logs-{Environment.ProcessId}"));

    private int _clusters;

    /// <returns>The exit status: 0 when every round was clean.</returns>
    public async Task<int> RunAsync()
    {
        await output.WriteLineAsync(FormattableString.Invariant($"seed {options.Seed}, logs in {_logs}"));
        var begin = time.GetTimestamp();
        while (IsOn(begin))
        {
            await LiveAsync(begin);
        }

        await output.WriteLineAsync();
        await output.WriteAsync(ResultTable.Of(_results));
        var failed = _results.Count(r => !r.IsClean);
        if (failed > 0)
        {
            await output.WriteLineAsync(FormattableString.Invariant(
                $"seed {options.Seed}; the logs of all processes, and the history around violations: {_logs}"));
        }

        else if (options.Logs is null)
        {
            Directory.Delete(_logs, recursive: true);
        }

        // ./test reads this line.
        await output.WriteLineAsync(
            FormattableString.Invariant($"rounds: {_results.Count - failed} clean, {failed} not"));
        return failed == 0 ? 0 : 1;
    }

    private bool IsOn(long begin) =>
        _results.Count(r => !r.IsClean) < MostFailures
        && (options.Minutes is { } minutes
            ? time.GetElapsedTime(begin) < TimeSpan.FromMinutes(minutes)
            : _results.Count < FaultCatalogue.Short.Length);

    // From the making of a cluster to its end, or to the first round that is not clean.
    private async Task LiveAsync(long begin)
    {
        var name = "cluster-" + (++_clusters).ToString(CultureInfo.InvariantCulture);
        var logs = Path.Combine(_logs, name);
        Directory.CreateDirectory(logs);
        using var world = new ChaosWorld(new LabPlace(network, Path.Combine(directory, name), logs), time);
        try
        {
            await world.StartAsync();
            await PlayAsync(world, begin);
        }
        catch (TimeoutException e)
        {
            _results.Add(new RoundResult
            {
                Number = _results.Count + 1, Names = ["start"], Faults = $"start of {name}", NotConverged = e.Message,
            });
            await output.WriteLineAsync(_results[^1].ToString());
        }
        finally
        {
            await world.EndAsync();
        }
    }

    private async Task PlayAsync(ChaosWorld world, long begin)
    {
        await using var clients = Clients.Start(world.Cluster, world.Recorder, time);
        var (survey, checker) = (new Survey(world), new HistoryChecker());
        do
        {
            var number = _results.Count + 1;
            var plan = options.Minutes is null
                ? _schedule.Of([.. FaultCatalogue.Short[_results.Count].Select(FaultCatalogue.Make)])
                : _schedule.Next();
            var result = await new RoundPlayer(world, clients, survey, checker).PlayAsync(number, plan);
            _results.Add(result);
            await output.WriteLineAsync(result.ToString());
            await output.FlushAsync();
        }
        while (_results[^1].IsClean && IsOn(begin));
    }
}
