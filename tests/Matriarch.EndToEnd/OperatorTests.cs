using Matriarch.Core;
using Matriarch.TestKit;

namespace Matriarch.EndToEnd;

/// <summary>What operators do to a running instance, under writers that remember.</summary>
public sealed class OperatorTests
{
    [Fact]
    public async Task Durability_is_loosened_while_a_replica_is_gone_and_the_replica_struck_off_and_back()
    {
        await using var cluster = await RunningCluster.UpAsync();
        await cluster.IsHealthyAsync();
        await using var writer = await AcknowledgedWriter.StartAsync(cluster.ConnectionString);
        (await cluster.RunAsync("durability", "3")).Expect();
        await writer.GoesOnAsync();
        var gone = (await cluster.StatusAsync()).Nodes.First(n => n.Role == NodeRole.Replica).Name;

        var alive = await cluster.RunAsync("node", "remove", gone);
        Assert.NotEqual(0, alive.ExitCode);
        Assert.Contains("is running", alive.Error, StringComparison.Ordinal);
        (await cluster.RunAsync("agent", "kill", gone)).Expect();
        await StopsAsync(cluster, writer);

        (await cluster.RunAsync("durability", "majority")).Expect();
        await writer.GoesOnAsync();
        (await cluster.RunAsync("node", "remove", gone)).Expect();
        Assert.Equal(2, (await cluster.StatusAsync()).Voters!.Count);
        await writer.GoesOnAsync();
        (await cluster.RunAsync("agent", "start", gone)).Expect();
        await cluster.IsHealthyAsync();
        Assert.Empty(await writer.LostAsync());
    }

    [Fact]
    public async Task A_paused_instance_fails_over_only_when_it_is_resumed()
    {
        await using var cluster = await RunningCluster.UpAsync();
        await cluster.IsHealthyAsync();
        var before = await cluster.StatusAsync();
        (await cluster.RunAsync("pause", "--reason", "a new kernel")).Expect();
        await Eventually.HoldsAsync(
            "all agents know of the pause", async () => (await cluster.StatusAsync()).Paused == "a new kernel");
        await using var writer = await AcknowledgedWriter.StartAsync(cluster.ConnectionString);
        await writer.GoesOnAsync();

        (await cluster.RunAsync("agent", "kill", before.Primary!)).Expect();
        await Eventually.HoldsAsync(
            "nobody serves", async () => (await cluster.StatusAsync()).Primary is null);
        await StopsAsync(cluster, writer);
        Assert.Null((await cluster.StatusAsync()).Primary);

        (await cluster.RunAsync("resume")).Expect();
        await cluster.IsServedAboveAsync(before.Term);
        await writer.GoesOnAsync();
        (await cluster.RunAsync("agent", "start", before.Primary!)).Expect();
        await cluster.IsHealthyAsync();
        Assert.Empty(await writer.LostAsync());
    }

    [Fact]
    public async Task The_last_of_three_goes_on_alone_only_when_a_person_accepts_the_loss()
    {
        await using var cluster = await RunningCluster.UpAsync();
        await cluster.IsHealthyAsync();
        var before = await cluster.StatusAsync();
        var last = before.Nodes.First(n => n.Role == NodeRole.Replica).Name;
        var election = await cluster.RunAsync("node", "recover", last, "--accept-data-loss");
        Assert.NotEqual(0, election.ExitCode);
        foreach (var node in before.Nodes.Where(n => n.Name != last))
        {
            (await cluster.RunAsync("agent", "kill", node.Name)).Expect();
        }

        Assert.Equal(2, (await cluster.RunAsync("node", "recover", last)).ExitCode);
        await Eventually.HoldsAsync(
            "the last node may go on alone",
            async () => (await cluster.RunAsync("node", "recover", last, "--accept-data-loss")).ExitCode == 0,
            TimeSpan.FromSeconds(30));
        Assert.Equal(1, await RunningCluster.QueryAsync<int>(cluster.ConnectionString, "create table t(); select 1"));
        foreach (var node in before.Nodes.Where(n => n.Name != last))
        {
            (await cluster.RunAsync("agent", "start", node.Name)).Expect();
        }

        await cluster.IsHealthyAsync();
        Assert.Equal(last, (await cluster.StatusAsync()).Primary);
    }

    /// <summary>Waits until nothing has been acknowledged for as long as it takes to ask for the status.</summary>
    private static Task StopsAsync(RunningCluster cluster, AcknowledgedWriter writer) => Eventually.HoldsAsync(
        "writes wait",
        async () =>
        {
            var before = writer.Acknowledged;
            await cluster.StatusAsync();
            return writer.Acknowledged == before;
        });
}
