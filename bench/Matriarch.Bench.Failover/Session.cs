using Matriarch.TestKit;

namespace Matriarch.Bench.Failover;

/// <summary>The whole measurement, inside the lab, on the host of the clients.</summary>
internal static class Session
{
    /// <summary>Measures Matriarch, then each peer, one after the other so that none disturbs another.</summary>
    /// <returns>The exit status.</returns>
    public static async Task<int> RunAsync(
        BenchOptions options, LabNetwork network, string directory, TextWriter output, TimeProvider time)
    {
        var report = new Report(options, await MachineLook.TakeAsync(), output, time);
        report.AddVersions(
            [new("postgres", await PostgresPrograms.VersionAsync()), new(".NET", Environment.Version.ToString())]);
        var place = new LabPlace(network, directory, options.Logs ?? Path.Combine(directory, "log"));
        LabPlace Of(string system, string cluster)
        {
            var logs = Path.Combine(place.Logs, system, cluster);
            Directory.CreateDirectory(logs);
            return place with { Directory = Path.Combine(directory, $"{system}-{cluster}"), Logs = logs };
        }

        await new SystemBench(
            options, network, cluster => new MatriarchSystem(Of(MatriarchSystem.SystemName, cluster)), options.Runs,
            report, time).RunAsync();
        foreach (var peer in options.Peers)
        {
            await new SystemBench(
                options, network, cluster => new PatroniSystem(Of($"patroni-{peer.Name}", cluster), peer),
                options.PeerRuns, report, time).RunAsync();
        }

        await output.WriteLineAsync();
        await output.WriteAsync(ResultTable.Write(Summary.Of(report.Results)));
        return report.IsClean ? 0 : 1;
    }
}
