using Matriarch.TestKit;
using Npgsql;

namespace Matriarch.Postgres.Tests;

/// <summary>Failover slots of PostgreSQL 17, as the agent sets them up.</summary>
public sealed class NativeSlotTests
{
    private const string Changes =
        "SELECT count(*) FROM pg_logical_slot_get_changes('s', NULL, NULL) WHERE data LIKE '%INSERT%'";

    [Fact]
    public async Task PostgreSql_17_copies_failover_slots_and_sends_nothing_that_the_standby_does_not_have()
    {
        await using var programs = await NativePrograms.FindAsync();
        await using var primary = await TestNode.EmptyAsync("a", programs.Path);
        await using var standby = await TestNode.EmptyAsync("b", programs.Path);
        await primary.Server.InitializeAsync(TestNode.FirstRule("a", "b"), TestNode.None);
        await TestProcess.RunAsync("cp", "-a", primary.Paths.Data, standby.Paths.Data);
        await primary.StartAsync();
        await primary.PromoteAsync(2);
        await standby.StartAsync();
        await standby.FollowAsync(primary, 2);
        Assert.True(standby.Server.LogicalSlots.IsNative);
        Assert.True(standby.Server.LogicalSlots.Keep(true));
        Assert.False(standby.Server.LogicalSlots.Keep(true));
        Assert.True(primary.Server.LogicalSlots.WaitFor([standby.Name]));
        await primary.SqlAsync("CREATE TABLE t (n int)");
        await primary.SqlAsync("SELECT pg_create_logical_replication_slot('s', 'test_decoding', false, false, true)");
        await primary.SqlAsync("SELECT pg_create_logical_replication_slot('own', 'test_decoding')");
        var (seen, _) = await standby.Server.LogicalSlots.ReadUpstreamAsync(primary.AsUpstream(2), TestNode.None);
        Assert.Equal("s", Assert.Single(seen!.Slots).Name);
        await Eventually.HoldsAsync(
            "PostgreSQL has copied the slot for good",
            async () =>
            {
                await primary.SqlAsync("INSERT INTO t VALUES (0)");
                await primary.SqlAsync("CHECKPOINT");
                await primary.SqlAsync(Changes);
                return await standby.SqlAsync(
                    "SELECT count(*) FROM pg_replication_slots WHERE slot_name = 's' AND synced AND NOT temporary")
                    is 1L;
            },
            TimeSpan.FromSeconds(90));

        // What the standby does not have is not sent to the subscriber.
        await standby.DetachAsync();
        await primary.SqlAsync("INSERT INTO t VALUES (1)");
        await Assert.ThrowsAsync<PostgresException>(
            () => primary.SqlAsync($"SET statement_timeout = '700ms'; {Changes}"));
        await standby.FollowAsync(primary, 2);
        Assert.True(standby.Server.LogicalSlots.Keep(true));
        await standby.CatchesUpAsync((await primary.PositionAsync()).Lsn);

        await primary.Server.StopAsync(ShutdownMode.Immediate, TestNode.Soon);
        await standby.DetachAsync();
        await standby.PromoteAsync(3);
        // What was confirmed last may come again, and what was not confirmed does come.
        Assert.Equal(1L, await standby.SqlAsync($"{Changes} AND data LIKE '%:1'"));
    }
}
