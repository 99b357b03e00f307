using Matriarch.Consensus;
using Matriarch.Core;
using Matriarch.Topology;

namespace Matriarch.Agent.Tests;

/// <summary>Whether c, in the cell west, may make the first data directory.</summary>
public sealed class BootstrapTests
{
    private static readonly NodeId C = new("c");

    [Fact]
    public async Task In_two_empty_stores_it_may()
    {
        await using var scene = await CellScene.StartAsync("c", "west");

        Assert.NotNull((await AskAsync(scene)).Rule);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_member_with_data_that_either_store_knows_keeps_it_from_beginning(bool inGlobal)
    {
        await using var scene = await CellScene.StartAsync("c", "west");
        var member = new NodeRecord(
            new NodeId("a"), "east", "127.0.0.1", 1, "127.0.0.1:2", "127.0.0.1:3", new Incarnation(5), false, [],
            NodeRole.Unknown, NodeState.Stopped, null, HasData: true);
        await (inGlobal ? scene.Global : scene.OfCell).RegisterNodeAsync(
            member, TestContext.Current.CancellationToken);

        var (rule, reason) = await AskAsync(scene);

        Assert.Null(rule);
        Assert.StartsWith("a has data already", reason, StringComparison.Ordinal);
        Assert.Null(await scene.Global.GetBootstrapAsync(TestContext.Current.CancellationToken));
    }

    private static Task<(Rule? Rule, string Reason)> AskAsync(CellScene scene) => new Bootstrap(
        scene.Global, scene.OfCell, C, new Incarnation(7), new NodeTraits(false, 100, "west"),
        DurabilityPolicy.Majority, new PeerDirectory(C, 16, scene.CellFile + ".peers", scene.Time))
        .MayInitializeAsync(everHadData: false, TestContext.Current.CancellationToken);
}
