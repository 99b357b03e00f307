using Matriarch.Core;

namespace Matriarch.Postgres.Tests;

public sealed class SlotTests(DataTemplate template)
{
    [Fact]
    public async Task Slots_of_followers_are_made_advanced_and_dropped()
    {
        await using var primary = await TestNode.PrimaryAsync(template, "a", 2);
        await using var standby = await TestNode.StartAsync(template, "b");
        await standby.FollowAsync(primary, 2);
        var (b, c) = (new NodeId("b"), new NodeId("c"));
        await primary.SqlAsync("SELECT pg_create_physical_replication_slot('of_a_user')");
        Assert.IsType<ServerOutcome.Done>(await primary.Server.EnsureSlotsAsync([b, c], TestNode.None));
        Assert.IsType<ServerOutcome.Done>(await standby.Server.EnsureSlotsAsync([c], TestNode.None));
        await primary.SqlAsync("CREATE TABLE t AS SELECT generate_series(1, 1000) AS n");
        var end = (await primary.PositionAsync()).Lsn;
        await standby.CatchesUpAsync(end);
        Assert.IsType<ServerOutcome.Done>(await standby.Server.AdvanceSlotsAsync(
            new Dictionary<NodeId, Lsn> { [c] = new(ulong.MaxValue) }, TestNode.None));
        var advanced = Assert.Single((await standby.SnapshotAsync()).Slots);
        Assert.True(advanced.RestartLsn >= end);

        Assert.IsType<ServerOutcome.Done>(await primary.Server.EnsureSlotsAsync([b], TestNode.None));
        Assert.Equal(
            ["matriarch_b", "of_a_user"], (await primary.SnapshotAsync()).Slots.Select(s => s.Name).Order());
    }
}
