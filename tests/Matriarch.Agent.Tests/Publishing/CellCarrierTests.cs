using Matriarch.Core;
using Matriarch.Topology;
using Microsoft.Extensions.Logging.Abstractions;

namespace Matriarch.Agent.Tests;

/// <summary>The store of the cell west, kept by the agent of c; a leads, in the cell east.</summary>
public sealed class CellCarrierTests
{
    private const string All = "a=Primary/Serving b=Replica/Streaming c=Unknown/Starting";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_store_of_a_cell_names_the_leader_and_the_nodes_of_all_cells()
    {
        await using var scene = await StartAsync();
        await scene.RoundAsync();

        Assert.Equal(All, await scene.NodesOfCellAsync());
        Assert.Equal(
            new LeadershipRecord(new Term(3), 1, new NodeId("a")), await scene.OfCell.GetLeadershipAsync(Cancellation));
        Assert.Equal(["c"], (await scene.Global.ListNodesAsync(Cancellation)).Select(n => n.Name.Value));
    }

    [Fact]
    public async Task A_gateway_that_reads_only_the_cells_store_finds_the_primary()
    {
        await using var scene = await StartAsync();
        using var stop = new CancellationTokenSource();
        var watcher = new ClusterViewWatcher(scene.CellStore, NullLogger<ClusterViewWatcher>.Instance);
        var running = watcher.RunAsync(stop.Token);
        await scene.RoundAsync();

        await TestKit.Eventually.HoldsAsync(
            "the view of the cell's store has the primary",
            () => watcher.Current.Instances.TryGetValue("main", out var main) && main.Primary == new NodeId("a"));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task A_wiped_store_is_filled_again()
    {
        await using var scene = await StartAsync();
        await scene.RoundAsync();
        File.Delete(scene.CellFile);

        await TestKit.Eventually.HoldsAsync(
            "the store has everything again",
            async () =>
            {
                Hear(scene);
                await scene.RoundAsync();
                return scene.Faults.Cell is null && await scene.NodesOfCellAsync() == All
                    && (await scene.OfCell.GetLeadershipAsync(Cancellation))?.Primary == new NodeId("a");
            },
            TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_record_that_comes_back_from_an_old_copy_is_put_right()
    {
        await using var scene = await StartAsync();
        await scene.RoundAsync();
        var nodes = await scene.OfCell.ListNodesAsync(Cancellation);
        await scene.OfCell.RegisterNodeAsync(
            nodes[0] with { Role = NodeRole.Replica, State = NodeState.Joining, Port = 9 }, Cancellation);
        await scene.OfCell.RegisterNodeAsync(nodes[2] with { Port = 9 }, Cancellation);
        Hear(scene);
        await scene.RoundAsync();
        Hear(scene);
        await scene.RoundAsync();

        Assert.Equal(nodes.Select(n => n.Port), (await scene.OfCell.ListNodesAsync(Cancellation)).Select(n => n.Port));
        Assert.Equal(All, await scene.NodesOfCellAsync());
    }

    [Fact]
    public async Task An_agent_that_starts_while_the_global_store_is_away_finds_the_others_in_its_cells()
    {
        await using var scene = await CellScene.StartAsync("c", "west");
        await scene.OfCell.RegisterNodeAsync(Record("a", "east"), Cancellation);
        Directory.Move(Path.GetDirectoryName(scene.GlobalFile)!, Path.GetDirectoryName(scene.GlobalFile) + "-away");

        await TestKit.Eventually.HoldsAsync(
            "the global store is missed, and a is found",
            async () =>
            {
                await scene.RoundAsync();
                return scene.Faults is { Global: not null, Cell: null } && scene.Peers.Contains(new NodeId("a"));
            },
            TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_cell_that_is_cut_off_says_that_the_others_are_unreachable_and_that_nobody_serves()
    {
        await using var scene = await StartAsync();
        await scene.RoundAsync();
        for (var second = 0; second < 4; second++)
        {
            await scene.RoundAsync();
        }

        Assert.Equal("a=Unknown/Unreachable b=Unknown/Unreachable c=Unknown/Starting", await scene.NodesOfCellAsync());
        Assert.Equal(new NodeId("a"), (await scene.OfCell.GetLeadershipAsync(Cancellation))?.Primary);

        Hear(scene);
        await scene.RoundAsync();
        Assert.Equal(All, await scene.NodesOfCellAsync());
    }

    [Fact]
    public async Task An_agent_that_was_held_up_does_not_take_its_own_silence_for_that_of_the_others()
    {
        await using var scene = await StartAsync();
        for (var second = 0; second < 4; second++)
        {
            Hear(scene);
            await scene.RoundAsync();
        }

        scene.Time.Advance(TimeSpan.FromSeconds(30)); // frozen, with what was heard before
        await scene.RoundAsync();

        Assert.Equal(All, await scene.NodesOfCellAsync());
    }

    [Fact]
    public async Task Who_was_removed_from_the_global_store_leaves_the_cells_too_and_who_only_is_silent_stays()
    {
        await using var scene = await StartAsync();
        scene.KnowRule("a", "a", "c");
        await scene.Global.RegisterNodeAsync(Record("a", "east"), Cancellation);
        await scene.RoundAsync();
        for (var second = 0; second < 25; second++)
        {
            scene.Hear("a", "east", NodeRole.Primary);
            await scene.RoundAsync();
        }

        Assert.Equal("a=Primary/Serving c=Unknown/Starting", await scene.NodesOfCellAsync());
        Assert.DoesNotContain(new NodeId("b"), scene.Peers);
    }

    [Fact]
    public async Task A_wiped_global_store_takes_nobody_out_of_the_cells()
    {
        await using var scene = await StartAsync();
        await scene.RoundAsync();
        for (var second = 0; second < 25; second++)
        {
            Hear(scene);
            await scene.RoundAsync();
        }

        Assert.Equal(All, await scene.NodesOfCellAsync());
    }

    [Fact]
    public async Task Where_another_agent_of_the_cell_carries_this_one_writes_only_itself_and_what_is_missing()
    {
        await using var scene = await StartAsync();
        scene.Hear("b", "west", NodeRole.Replica, carries: true);
        await scene.RoundAsync();
        var b = (await scene.OfCell.GetNodeAsync(new NodeId("b"), Cancellation))!;
        await scene.OfCell.RegisterNodeAsync(b with { Port = 9 }, Cancellation);
        var a = (await scene.OfCell.GetNodeAsync(new NodeId("a"), Cancellation))!;
        await scene.OfCell.RegisterNodeAsync(a with { Port = 9 }, Cancellation);
        scene.Hear("b", "west", NodeRole.Replica, carries: true);
        await scene.RoundAsync();

        Assert.Equal([9, 9, 5432], (await scene.OfCell.ListNodesAsync(Cancellation)).Select(n => n.Port));
        Assert.Null(await scene.OfCell.GetLeadershipAsync(Cancellation));
    }

    private static async Task<CellScene> StartAsync()
    {
        var scene = await CellScene.StartAsync("c", "west");
        scene.KnowRule("a", "a", "b", "c");
        Hear(scene);
        return scene;
    }

    private static void Hear(CellScene scene)
    {
        scene.Hear("a", "east", NodeRole.Primary);
        scene.Hear("b", "east", NodeRole.Replica);
    }

    private static NodeRecord Record(string name, string cell) => new(
        new NodeId(name), cell, "127.0.0.1", 1, "127.0.0.1:2", "127.0.0.1:3", new Incarnation(5), false, [],
        NodeRole.Replica, NodeState.Streaming, 0, true);
}
