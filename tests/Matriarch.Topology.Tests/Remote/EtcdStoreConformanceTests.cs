namespace Matriarch.Topology.Tests;

/// <summary>The conformance kit on a server of its own for each test.</summary>
public sealed class EtcdStoreConformanceTests : TopologyStoreConformance, IAsyncLifetime
{
    private EtcdServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await EtcdServer.CreateAsync();

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    protected override Task<ITopologyStore> OpenAsync(string cluster) =>
        Task.FromResult<ITopologyStore>(_server.Open(cluster));

    protected override Task TakeAwayAsync() => _server.StopAsync();

    protected override Task BringBackAsync() => _server.StartAsync();

    protected override Task KeepCopyAsync() => _server.KeepCopyAsync();

    protected override Task RestoreCopyAsync() => _server.RestoreCopyAsync();

    protected override Task WipeAsync() => _server.WipeAsync();
}
