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

    /// <summary>A part of the file, as <see cref="StorePartition"/> names it.</summary>
    public async Task<ITopologyStore> OpenPartAsync(string part) => part.Split('@') is [var cluster, var cell]
        ? (await TopologyStores.OpenCellAsync(
            new TopologyOptions { CellStore = $"sqlite:{File}" }, cluster, cell, TimeProvider.System,
            NullLoggerFactory.Instance, TestContext.Current.CancellationToken))!
        : await OpenAsync(part);

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
