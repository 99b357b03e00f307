using Matriarch.Core;
using Matriarch.TestKit;

namespace Matriarch.Postgres.Tests;

public sealed class PromotionTests(DataTemplate template)
{
    [Fact]
    public async Task A_promotion_takes_the_timeline_of_the_term_however_far_it_is()
    {
        await using var node = await TestNode.StartAsync(template, "a");
        var far = await node.PromoteAsync(42);
        TestContext.Current.TestOutputHelper?.WriteLine($"1 to 42: {far.TotalMilliseconds:0} ms");
        Assert.Equal(new Timeline(42), (await node.SnapshotAsync()).Timeline);
        Assert.Equal("", await node.SqlAsync("SHOW restore_command"));

        await node.Server.StopAsync(ShutdownMode.Fast, TestNode.Soon);
        await node.StartAsync();
        var next = await node.PromoteAsync(43);
        TestContext.Current.TestOutputHelper?.WriteLine($"42 to 43: {next.TotalMilliseconds:0} ms");
        Assert.Equal(new Timeline(43), (await node.PositionAsync()).Timeline);
        Assert.Equal(
            ["0000002A.history", "0000002B.history"],
            Directory.EnumerateFiles(Path.Combine(node.Paths.Data, "pg_wal"),
                "*.history").Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task A_primary_killed_right_after_a_promotion_comes_back_with_all_that_it_wrote()
    {
        await using var node = await TestNode.StartAsync(template, "a");
        // The control file names the new timeline only from the first checkpoint on, which this one never writes.
        var checkpointer = await node.SqlAsync("SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'");
        await TestProcess.RunAsync("kill", "-STOP", $"{checkpointer}");
        await node.PromoteAsync(42);
        await node.SqlAsync("CREATE TABLE t AS SELECT 1 AS n");
        var written = await node.PositionAsync();
        Assert.Equal(
            StopOutcome.Killed, await node.Server.StopAsync(ShutdownMode.Immediate, TimeSpan.FromMilliseconds(50)));
        var stopped = Assert.IsType<DataDirectoryState.Present>(await node.Server.InspectAsync(TestNode.None));
        Assert.Equal(1u, stopped.Control.CheckpointTimeline.Value);
        await node.StartAsync();
        var position = await node.DetachAsync();
        Assert.Equal(42u, position.Timeline.Value);
        Assert.True(position.Lsn >= written.Lsn);
        Assert.Equal(1, await node.SqlAsync("SELECT n FROM t"));
    }

    [Fact]
    public async Task Empty_history_files_left_by_a_crash_change_nothing()
    {
        await using var node = await TestNode.CloneAsync(template, "a");
        foreach (var name in (string[])["00000002.history", "00000003.history", "00000009.history"])
        {
            await File.WriteAllTextAsync(Path.Combine(node.Paths.Data, "pg_wal", name), "", TestNode.None);
        }

        await node.StartAsync();
        await node.PromoteAsync(7);
        Assert.Equal(new Timeline(7), (await node.PositionAsync()).Timeline);
    }

    [Fact]
    public async Task A_timeline_that_was_only_heard_of_is_forgotten()
    {
        await using var node = await TestNode.CloneAsync(template, "a");
        await File.WriteAllTextAsync(
            Path.Combine(node.Paths.Data, "pg_wal", "00000005.history"), "1\t0/F000000\tlost leader\n", TestNode.None);
        await node.StartAsync();
        await File.WriteAllTextAsync(
            Path.Combine(node.Paths.Data, "pg_wal", "00000005.history"), "1\t0/F000000\tlost leader\n", TestNode.None);
        Assert.Equal(1u, (await node.DetachAsync()).Timeline.Value);
        await node.PromoteAsync(6);
        Assert.Equal(new Timeline(6), (await node.PositionAsync()).Timeline);
        var history = await File.ReadAllTextAsync(
            Path.Combine(node.Paths.Data, "pg_wal", "00000006.history"), TestNode.None);
        Assert.StartsWith("1\t", history, StringComparison.Ordinal);
        Assert.DoesNotContain("lost leader", history, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_timeline_that_somebody_had_or_that_is_not_above_the_own_is_refused()
    {
        await using var node = await TestNode.StartAsync(template, "a");
        await File.WriteAllTextAsync(
            Path.Combine(node.Paths.Data, "pg_wal", "00000005.history"), "1\t0/F000000\tanother\n", TestNode.None);
        Assert.IsType<PromoteOutcome.Failed>(await node.Server.PromoteAsync(new Timeline(5), TestNode.Soon,
            TestNode.None));
        Assert.IsType<PromoteOutcome.Failed>(await node.Server.PromoteAsync(new Timeline(1), TestNode.Soon,
            TestNode.None));
        Assert.True((await node.SnapshotAsync()).IsInRecovery);
    }
}
