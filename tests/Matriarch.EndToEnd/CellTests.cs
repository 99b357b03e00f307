using Matriarch.TestKit;

namespace Matriarch.EndToEnd;

/// <summary>
/// Three cells with a topology store each: as a person tries them, and in a network of their own, by the story
/// <c>CellScenario</c> of the program Matriarch.Chaos, whose steps are in the output.
/// </summary>
public sealed class CellTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_gateway_that_starts_without_the_global_store_finds_the_primary_in_that_of_its_cell()
    {
        await using var cluster = await RunningCluster.UpAsync("--cell-stores");
        await cluster.IsHealthyAsync();
        var gateway = Path.Combine(cluster.Root, "gateway.yaml");
        File.WriteAllLines(gateway, File.ReadAllLines(gateway)
            .Where(l => !l.TrimStart().StartsWith("agents:", StringComparison.Ordinal)));
        (await cluster.RunAsync("gateway", "stop")).Expect();
        var away = cluster.Store + ".away";
        File.Move(cluster.Store, away);
        Directory.CreateDirectory(cluster.Store); // nothing can be opened or made there
        try
        {
            await Eventually.HoldsAsync(
                "the agents miss the global store only",
                async () => (await cluster.StatusAsync()).Facts is { } facts
                    && facts.Count(f => f.Kind == "store-unreachable") == 3
                    && facts.Count(f => f.Kind == "cell-store-reachable") == 3,
                TimeSpan.FromSeconds(60));
            (await cluster.RunAsync("gateway", "start")).Expect();
            Assert.False(await RunningCluster.QueryAsync<bool>(
                cluster.ConnectionString, "SELECT pg_is_in_recovery()"));
            Assert.True(await RunningCluster.QueryAsync<bool>(
                cluster.Connection("postgres@replica"), "SELECT pg_is_in_recovery()"));
        }
        finally
        {
            Directory.Delete(cluster.Store);
            File.Move(away, cluster.Store);
        }

        await cluster.IsHealthyAsync();
    }

    [Fact]
    public async Task A_cell_that_is_cut_off_serves_reads_within_the_bound_and_converges_when_it_is_back()
    {
        ChaosProgram.IsPossible();

        var (exitCode, said) = await ChaosProgram.RunAsync("--scenario", "cells");

        output.WriteLine(said);
        Assert.True(exitCode == 0, said);
    }
}
