using Matriarch.TestKit;

namespace Matriarch.Bench.Failover;

/// <summary>
/// All runs of one system. A cluster lives through all faults, healing between them; after a run that failed, a new one
/// is made, so that one failure does not spoil the next run.
/// </summary>
internal sealed class SystemBench(
    BenchOptions options, LabNetwork network, Func<string, IBenchSystem> make, int runs, Report report,
    TimeProvider time)
{
    private const int MostFailures = 3;
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(180);

    private readonly Random _random = new(options.Seed);
    private readonly List<(int Key, IReadOnlyList<Acknowledgement> Acknowledged)> _written = [];
    private IBenchSystem? _system;
    private int _clusters;
    private int _key;
    private int _failures;

    /// <summary>Plays every fault so many times. Ends early after three runs that failed.</summary>
    public async Task RunAsync()
    {
        foreach (var fault in options.Faults)
        {
            for (var number = 1; number <= runs && _failures < MostFailures; number++)
            {
                var system = _system ??= await StartAsync();
                var run = new FaultRun(system, network, fault, options.Clients, _random, time);
                var (result, acknowledged) = await run.PlayAsync(number, ++_key);
                _written.Add((_key, acknowledged));
                report.Add(result, runs);
                if (result.Failure is not null)
                {
                    _failures++;
                    await StopAsync();
                }
            }
        }

        await CheckAllAsync();
        await StopAsync();
    }

    private async Task<IBenchSystem> StartAsync()
    {
        var system = make($"cluster-{++_clusters}");
        await report.SayAsync($"{system.Name}: making a cluster");
        await system.StartAsync();
        await FaultRun.IsHealthyAsync(system, StartDeadline);
        await WrittenTable.CreateAsync(system.ConnectionString);
        report.AddVersions(system.Versions);
        return system;
    }

    /// <summary>What was there after its own run has to be there after all later ones, too.</summary>
    private async Task CheckAllAsync()
    {
        if (_system is null)
        {
            return;
        }

        await FaultRun.IsHealthyAsync(_system);
        foreach (var (key, acknowledged) in _written)
        {
            var present = await WrittenTable.ReadAsync(_system.ConnectionString, key);
            report.AddLostLater(_system.Name, acknowledged.Count(a => !present.Contains((a.Client, a.Number))));
        }
    }

    private async Task StopAsync()
    {
        _system?.KeepLogs();
        (_system as IDisposable)?.Dispose();
        _system = null;
        _written.Clear();
        await network.MendAsync();
        foreach (var host in LabNetwork.Nodes.Add(LabNetwork.Store))
        {
            await network.KillAllAsync(host, time);
        }

        var own = Environment.ProcessId;
        foreach (var process in (await network.ProcessesAsync(LabNetwork.Client)).Where(p => p != own))
        {
            ProcessSignal.Kill(process); // the proxy; this program lives on the same host
        }
    }
}
