using System.Diagnostics;
using System.Globalization;

namespace Matriarch.Topology.Tests;

/// <summary>Real processes on one file: this test program starts itself, with the one test below that works for
/// others.</summary>
public sealed class SeparateProcessesTests : IDisposable
{
    private const string FileVariable = "TOPOLOGY_TEST_FILE";
    private const int Processes = 3;
    private const int Raises = 40;

    private static readonly StoreKey Counter = new("counter");

    private readonly StoreDirectory _directory = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Processes_that_make_and_write_one_file_at_once_lose_nothing()
    {
        var workers = Enumerable.Range(0, Processes).Select(_ => StartWorker()).ToList();
        foreach (var worker in workers)
        {
            using (worker)
            {
                var output = await worker.StandardOutput.ReadToEndAsync(Cancellation);
                await worker.WaitForExitAsync(Cancellation);
                Assert.True(worker.ExitCode == 0, output);
            }
        }

        await using var store = await _directory.OpenAsync();
        var final = await store.GetAsync(Counter, Cancellation);
        Assert.Equal((Processes * Raises).ToString(CultureInfo.InvariantCulture), final?.Value);
    }

    [Fact(Explicit = true)]
    public async Task Worker_raises_the_counter()
    {
        var file = Environment.GetEnvironmentVariable(FileVariable);
        Assert.NotNull(file);
        await using var store = await TopologyStores.OpenAsync(
            new TopologyOptions { Store = $"sqlite:{file}" }, "one", TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance, Cancellation);
        await TopologyStoreConformance.RaiseAsync(store, Counter, Raises);
    }

    private Process StartWorker()
    {
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            ArgumentList =
            {
                "exec", typeof(SeparateProcessesTests).Assembly.Location, "-explicit", "only", "-method",
                $"{typeof(SeparateProcessesTests).FullName}.{nameof(Worker_raises_the_counter)}",
            },
        };
        start.Environment[FileVariable] = _directory.File;
        return Process.Start(start) ?? throw new InvalidOperationException("no process");
    }
}
