using Matriarch.Core;
using Matriarch.TestKit;

namespace Matriarch.Postgres.Tests;

public sealed class DurabilityTests(DataTemplate template)
{
    private static readonly NodeId B = new("b");

    private static Rule RuleOf(uint term, int revision = 0) =>
        TestNode.FirstRule("a", "b", "c") with { Term = new Term(term), Revision = revision };

    [Fact]
    public async Task A_synchronous_setting_is_in_effect_when_the_call_returns()
    {
        await using var node = await TestNode.PrimaryAsync(template, "a", 2);
        await node.SqlAsync("CREATE TABLE t (n int)");
        for (var i = 0; i < 5; i++)
        {
            Assert.IsType<ServerOutcome.Done>(
                await node.Server.SetSynchronousStandbysAsync(1, [B], TestNode.Soon, TestNode.None));
            await using var connection = await node.ConnectAsync();
            var commit = connection.ExecuteAsync("INSERT INTO t VALUES (1)");
            await Eventually.HoldsAsync(
                "the commit waits",
                async () => await node.SqlAsync(
                    $"SELECT wait_event FROM pg_stat_get_activity({connection.ProcessID})") is "SyncRep");
            Assert.False(commit.IsCompleted);
            Assert.IsType<ServerOutcome.Done>(
                await node.Server.SetSynchronousStandbysAsync(0, [], TestNode.Soon, TestNode.None));
            await commit;
        }
    }

    [Fact]
    public async Task A_rule_is_committed_only_when_a_standby_has_it()
    {
        await using var primary = await TestNode.PrimaryAsync(template, "a", 2);
        Assert.IsType<ServerOutcome.Done>(
            await primary.Server.SetSynchronousStandbysAsync(1, [B], TestNode.Soon, TestNode.None));
        var stages = new List<RuleWriteStage>();
        var waiting = new TaskCompletionSource();
        var write = primary.Server.WriteRuleAsync(
            RuleOf(2), true,
            stage =>
            {
                stages.Add(stage);
                waiting.TrySetResult();
            },
            TestNode.None);
        await waiting.Task.WaitAsync(TestNode.Soon, TestTime.Real, TestNode.None);
        Assert.False(write.IsCompleted);

        await using var standby = await TestNode.StartAsync(template, "b");
        await standby.FollowAsync(primary, 2);
        var committed = Assert.IsType<RuleWriteOutcome.Committed>(
            await write.WaitAsync(TestNode.Soon, TestTime.Real, TestNode.None));
        Assert.True(committed.WasSeenWaiting);
        Assert.Equal([RuleWriteStage.Waiting], stages);
        await standby.CatchesUpAsync(committed.CommitLsn);
        Assert.Equal(RuleOf(2), (await standby.SnapshotAsync()).Rule);

        // Again is allowed and waits again; another rule of the same number is not.
        Assert.IsType<RuleWriteOutcome.Committed>(
            await primary.Server.WriteRuleAsync(RuleOf(2), true, null, TestNode.None));
        var conflict = Assert.IsType<RuleWriteOutcome.Conflict>(await primary.Server.WriteRuleAsync(
            RuleOf(2) with { Leader = B }, true, null, TestNode.None));
        Assert.Equal(RuleOf(2), conflict.Existing);
    }

    [Fact]
    public async Task A_names_change_with_a_standby_connected_is_proven_too()
    {
        await using var primary = await TestNode.PrimaryAsync(template, "a", 2);
        await using var standby = await TestNode.StartAsync(template, "b");
        await standby.FollowAsync(primary, 2);
        var start = TestTime.Real.GetTimestamp();
        Assert.IsType<ServerOutcome.Done>(
            await primary.Server.SetSynchronousStandbysAsync(1, [B], TestNode.Soon, TestNode.None));
        var first = TestTime.Real.GetElapsedTime(start);
        Assert.IsType<ServerOutcome.Done>(await primary.Server.SetSynchronousStandbysAsync(
            1, [B, new NodeId("c")], TestNode.Soon, TestNode.None));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"first {first.TotalMilliseconds:0} ms, "
            + $"change {(TestTime.Real.GetElapsedTime(start) - first).TotalMilliseconds:0} ms");
        Assert.IsType<RuleWriteOutcome.Committed>(
            await primary.Server.WriteRuleAsync(RuleOf(2), true, null, TestNode.None));
        Assert.Equal("ANY 1 (\"b\",\"c\")", await primary.SqlAsync("SHOW synchronous_standby_names"));
    }

    [Fact]
    public async Task A_cancelled_wait_is_never_a_success()
    {
        await using var primary = await TestNode.PrimaryAsync(template, "a", 2);
        Assert.IsType<ServerOutcome.Done>(
            await primary.Server.SetSynchronousStandbysAsync(1, [B], TestNode.Soon, TestNode.None));
        var write = primary.Server.WriteRuleAsync(RuleOf(2), true, null, TestNode.None);
        await Eventually.HoldsAsync("somebody cancels the wait", async () => await primary.SqlAsync(
            "SELECT bool_or(pg_cancel_backend(pid)) FROM pg_stat_activity "
            + "WHERE wait_event = 'SyncRep' AND query = 'COMMIT'")
            is true);
        var unknown = Assert.IsType<RuleWriteOutcome.Unknown>(await write);
        Assert.Contains("synchronous replication", unknown.Reason, StringComparison.Ordinal);

        using var given = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => primary.Server.WriteRuleAsync(RuleOf(2, 1), true, null, given.Token));
    }
}
