using Microsoft.Extensions.Logging.Abstractions;

namespace Matriarch.Topology.Tests;

/// <summary>A directory of its own for one test's store.</summary>
internal sealed class StoreDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("matriarch-topology-").FullName;

    public string File => System.IO.Path.Combine(Path, "topology.db");

    public async Task<ITopologyStore> OpenAsync(string cluster = "one") => await TopologyStores.OpenAsync(
        new TopologyOptions { Store = $"sqlite:{File}" }, cluster, TimeProvider.System, NullLoggerFactory.Instance,
        TestContext.Current.CancellationToken);

    public void Dispose()
    {
        foreach (var path in new[] { Path, Path + ".away" })
        {
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }
        }
    }
}
