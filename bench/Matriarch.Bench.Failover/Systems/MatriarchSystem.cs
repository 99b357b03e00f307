using System.Collections.Immutable;
using Matriarch.TestKit;

namespace Matriarch.Bench.Failover;

/// <summary>The cluster of the lab, with the settings that it has by itself.</summary>
internal sealed class MatriarchSystem(LabPlace place) : IBenchSystem, IDisposable
{
    /// <summary>As in the table.</summary>
    public const string SystemName = "matriarch";

    private readonly LabCluster _cluster = new(place);

    public string Name => SystemName;

    public string ConnectionString => _cluster.ConnectionString;

    /// <summary>Ten heartbeats, and the length of a lease.</summary>
    public TimeSpan Cycle => TimeSpan.FromSeconds(1);

    public ImmutableSortedDictionary<string, string> Versions { get; private set; } =
        ImmutableSortedDictionary<string, string>.Empty;

    public async Task StartAsync()
    {
        Versions = Versions
            .SetItem("matriarch", (await Command.RunAsync(LabCluster.Program, "version")).Trim())
            .SetItem("etcd", await EtcdServer.VersionAsync());
        await _cluster.StartAsync();
    }

    public void StartNode(string node) => _cluster.StartNode(node);

    public void KeepLogs() => _cluster.KeepLogs();

    public string DataDirectory(string node) => _cluster.DataDirectory(node);

    public Task<bool> IsHealthyAsync() => _cluster.IsHealthyAsync();

    public Task<string> PrimaryAsync() => _cluster.PrimaryAsync();

    public Task SwitchoverAsync() => _cluster.SwitchoverAsync();

    public void Dispose() => _cluster.Dispose();
}
