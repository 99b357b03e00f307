using System.Globalization;
using Matriarch.Core;
using Matriarch.TestKit;

namespace Matriarch.Postgres.Tests;

public sealed class FollowingTests(DataTemplate template)
{
    [Fact]
    public async Task A_detached_standby_knows_its_exact_position_and_receives_nothing_more()
    {
        await using var primary = await TestNode.PrimaryAsync(template, "a", 2);
        await using var standby = await TestNode.StartAsync(template, "b");
        await standby.FollowAsync(primary, 2);
        await primary.SqlAsync("CREATE TABLE t AS SELECT generate_series(1, 1000) AS n");
        var written = await primary.PositionAsync();
        await standby.CatchesUpAsync(written.Lsn);

        var start = TestTime.Real.GetTimestamp();
        var position = await standby.DetachAsync();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"detach: {TestTime.Real.GetElapsedTime(start).TotalMilliseconds:0} ms");
        Assert.Equal(2u, position.Timeline.Value);
        Assert.True(position.Lsn >= written.Lsn);

        await primary.SqlAsync("INSERT INTO t SELECT generate_series(1, 1000)");
        // Longer than three rounds of retrying.
        var deadline = TestTime.Real.GetTimestamp();
        while (TestTime.Real.GetElapsedTime(deadline) < TimeSpan.FromMilliseconds(400))
        {
            var snapshot = await standby.SnapshotAsync();
            Assert.Null(snapshot.WalReceiver);
            Assert.Equal(position.Lsn, snapshot.ReplayLsn);
        }

        Assert.Empty((await primary.SnapshotAsync()).WalSenders);
        Assert.Empty(Directory.EnumerateFiles(standby.Paths.NodeDirectory, "follow-*"));
        await standby.FollowAsync(primary, 2);
        await standby.CatchesUpAsync((await primary.PositionAsync()).Lsn);
    }

    [Fact]
    public async Task Only_the_first_segment_of_a_new_leader_is_made_without_zeros()
    {
        await using var primary = await TestNode.PrimaryAsync(template, "a", 2);
        await using var standby = await TestNode.StartAsync(template, "b");
        var before = await standby.SnapshotAsync();
        await standby.FollowAsync(primary, 2);
        Assert.Equal("off", await standby.SqlAsync("SHOW wal_init_zero"));

        // Nothing of the leader is here yet by this look, so what was set has to stay.
        Assert.IsType<ServerOutcome.Done>(standby.Server.SettleFollowing(before));
        Assert.Contains("wal_init_zero", standby.DynamicConfiguration(), StringComparison.Ordinal);

        await primary.SqlAsync("CREATE TABLE t AS SELECT generate_series(1, 1000) AS n");
        await standby.CatchesUpAsync((await primary.PositionAsync()).Lsn);
        Assert.IsType<ServerOutcome.Done>(standby.Server.SettleFollowing(await standby.SnapshotAsync()));
        Assert.DoesNotContain("wal_init_zero", standby.DynamicConfiguration(), StringComparison.Ordinal);
        await Eventually.HoldsAsync(
            "segments are filled again", async () => await standby.SqlAsync("SHOW wal_init_zero") is "on");
        await standby.StreamsFromAsync(primary);
    }

    [Fact]
    public async Task An_expected_leader_is_followed_although_it_has_ended_the_connection_made_ahead()
    {
        await using var leader = await TestNode.StartAsync(template, "a");
        await using var standby = await TestNode.StartAsync(template, "b");
        await standby.DetachAsync();
        standby.Server.ExpectUpstream(leader.AsUpstream(2));
        await Eventually.HoldsAsync(
            "the standby is connected ahead, and is cut off", async () => await leader.SqlAsync(
                "SELECT count(pg_terminate_backend(pid)) > 0 FROM pg_stat_activity "
                + "WHERE application_name = 'matriarch' AND query = ''") is true);
        await leader.PromoteAsync(2);
        Assert.Null((await standby.SnapshotAsync()).WalReceiver);
        await standby.FollowAsync(leader, 2);
    }

    [Fact]
    public async Task A_detachment_under_load_stops_at_a_position_that_stays()
    {
        await using var primary = await TestNode.PrimaryAsync(template, "a", 2);
        await using var standby = await TestNode.StartAsync(template, "b");
        await standby.FollowAsync(primary, 2);
        await primary.SqlAsync("CREATE TABLE t (n int)");
        using var stop = new CancellationTokenSource();
        var writer = Task.Run(
            async () =>
            {
                await using var connection = await primary.ConnectAsync();
                while (!stop.IsCancellationRequested)
                {
                    await connection.ExecuteAsync("INSERT INTO t SELECT generate_series(1, 300)");
                }
            },
            TestNode.None);
        for (var i = 0; i < 3; i++)
        {
            var position = await standby.DetachAsync();
            Assert.Equal(position, await standby.PositionAsync());
            Assert.Equal(position, await standby.DetachAsync());
            await standby.FollowAsync(primary, 2);
        }

        await stop.CancelAsync();
        await writer;
    }

    [Fact]
    public async Task A_former_primary_with_more_wal_is_rewound_and_then_follows()
    {
        await using var old = await TestNode.PrimaryAsync(template, "a", 2);
        await using var next = await TestNode.StartAsync(template, "b");
        await next.FollowAsync(old, 2);
        await old.SqlAsync("CREATE TABLE t AS SELECT 1 AS n");
        await next.CatchesUpAsync((await old.PositionAsync()).Lsn);
        await next.DetachAsync();
        await old.SqlAsync("INSERT INTO t VALUES (2)");
        await next.PromoteAsync(3);
        await next.SqlAsync("INSERT INTO t VALUES (3)");
        await old.Server.StopAsync(ShutdownMode.Immediate, TestNode.Soon);

        await old.StartAsync();
        var before = await old.DetachAsync();
        var decision = Assert.IsType<RejoinDecision.NeedsRewind>(
            await old.Server.DecideRejoinAsync(next.AsUpstream(3), null, TestNode.None));
        Assert.Equal(before, decision.Own);
        Assert.True(decision.Fork < before.Lsn);
        Assert.IsType<ServerOutcome.Done>(
            await old.Server.RewindAsync(next.AsUpstream(3), before, TimeSpan.FromMinutes(1), TestNode.None));
        Assert.Equal(before, old.Server.RewoundFrom);
        Assert.False(File.Exists(old.Paths.Rewinding));

        Assert.IsType<ServerOutcome.Done>(await next.Server.EnsureSlotsAsync([old.Name], TestNode.None));
        await old.StartAsync(next.AsUpstream(3));
        await old.StreamsFromAsync(next);
        await old.CatchesUpAsync((await next.PositionAsync()).Lsn);
        Assert.Equal("1,3", await old.SqlAsync("SELECT string_agg(n::text, ',' ORDER BY n) FROM t"));
        Assert.Equal("a", await old.SqlAsync("SHOW cluster_name"));
        old.Server.ForgetRewoundFrom();
        Assert.Null(old.Server.RewoundFrom);
    }

    [Fact]
    public async Task A_former_primary_without_more_wal_only_follows()
    {
        await using var old = await TestNode.PrimaryAsync(template, "a", 2);
        await using var next = await TestNode.StartAsync(template, "b");
        await next.FollowAsync(old, 2);
        await next.CatchesUpAsync((await old.PositionAsync()).Lsn);
        // A fast shutdown sends everything, its checkpoint included, before it ends.
        await old.Server.StopAsync(ShutdownMode.Fast, TestNode.Soon);
        await next.DetachAsync();
        await next.PromoteAsync(3);
        await next.SqlAsync("CREATE TABLE t AS SELECT 1 AS n");

        await old.StartAsync();
        await old.DetachAsync();
        Assert.IsType<RejoinDecision.CanFollow>(
            await old.Server.DecideRejoinAsync(next.AsUpstream(3), null, TestNode.None));
        await old.FollowAsync(next, 3);
        await old.CatchesUpAsync((await next.PositionAsync()).Lsn);
        Assert.Equal(3u, (await old.PositionAsync()).Timeline.Value);
    }

    [Fact]
    public async Task Terms_without_a_leader_do_not_stop_a_standby_on_its_way()
    {
        await using var a = await TestNode.PrimaryAsync(template, "a", 4);
        await a.SqlAsync("CREATE TABLE t AS SELECT 4 AS n");
        await using var b = await TestNode.StartAsync(template, "b");
        await b.FollowAsync(a, 4);
        await b.CatchesUpAsync((await a.PositionAsync()).Lsn);
        await b.DetachAsync();
        await b.PromoteAsync(9);
        await b.SqlAsync("INSERT INTO t VALUES (9)");
        // From timeline 1 through 4 to 9, first running, then over a restart by force and from a rewind.
        await using var c = await TestNode.StartAsync(template, "c");
        await c.FollowAsync(b, 9);
        await c.CatchesUpAsync((await b.PositionAsync()).Lsn);
        await c.Server.StopAsync(ShutdownMode.Immediate, TestNode.Soon);
        await c.StartAsync();
        Assert.Equal(await b.PositionAsync(), await c.DetachAsync());
        await c.FollowAsync(b, 9);

        await a.SqlAsync("INSERT INTO t VALUES (-1)");
        await a.Server.StopAsync(ShutdownMode.Immediate, TestNode.Soon);
        await a.StartAsync();
        var before = await a.DetachAsync();
        Assert.IsType<RejoinDecision.NeedsRewind>(
            await a.Server.DecideRejoinAsync(b.AsUpstream(9), null, TestNode.None));
        Assert.IsType<ServerOutcome.Done>(
            await a.Server.RewindAsync(b.AsUpstream(9), before, TimeSpan.FromMinutes(1), TestNode.None));
        await b.Server.EnsureSlotsAsync([a.Name, c.Name], TestNode.None);
        await a.StartAsync(b.AsUpstream(9));
        await a.CatchesUpAsync((await b.PositionAsync()).Lsn);
        Assert.Equal("4,9", await a.SqlAsync("SELECT string_agg(n::text, ',' ORDER BY n) FROM t"));
        Assert.Equal("4,9", await c.SqlAsync("SELECT string_agg(n::text, ',' ORDER BY n) FROM t"));
    }

    [Fact]
    public async Task Two_leaders_of_the_same_past_have_histories_that_part()
    {
        await using var first = await TestNode.PrimaryAsync(template, "a", 5);
        await using var second = await TestNode.PrimaryAsync(template, "b", 7);
        await first.SqlAsync("CREATE TABLE t AS SELECT 1 AS n");
        await first.Server.StopAsync(ShutdownMode.Fast, TestNode.Soon);
        await first.StartAsync();
        // A higher number says nothing: 7 does not come from 5.
        Assert.IsType<RejoinDecision.NeedsRewind>(
            await first.Server.DecideRejoinAsync(second.AsUpstream(7), null, TestNode.None));
    }

    [Fact]
    public async Task A_standby_that_heard_of_a_lost_leader_follows_the_next()
    {
        await using var next = await TestNode.PrimaryAsync(template, "a", 6);
        await using var standby = await TestNode.CloneAsync(template, "b");
        await File.WriteAllTextAsync(
            Path.Combine(standby.Paths.Data, "pg_wal", "00000005.history"), "1\t0/F000000\tlost leader\n",
                TestNode.None);
        await standby.StartAsync();
        await standby.DetachAsync();
        await standby.FollowAsync(next, 6);
        await standby.CatchesUpAsync((await next.PositionAsync()).Lsn);
    }

    [Fact]
    public async Task A_stranger_is_told_and_nothing_of_it_is_copied()
    {
        await using var stranger = await TestNode.EmptyAsync("x");
        await stranger.Server.InitializeAsync(TestNode.FirstRule("x"), TestNode.None);
        await stranger.StartAsync();
        await using var node = await TestNode.StartAsync(template, "a");
        Assert.IsType<RejoinDecision.Stranger>(
            await node.Server.DecideRejoinAsync(stranger.AsUpstream(1), null, TestNode.None));
        var refused = Assert.IsType<ServerOutcome.Failed>(
            await node.Server.CopyAsync(stranger.AsUpstream(1), null, TestNode.Soon, TestNode.None));
        Assert.Contains("belongs to another instance", refused.Reason, StringComparison.Ordinal);
        Assert.True((await node.SnapshotAsync()).IsInRecovery);
    }

    [Fact]
    public async Task A_copy_takes_the_place_of_data_that_an_interrupted_rewind_left()
    {
        await using var primary = await TestNode.PrimaryAsync(template, "a", 2);
        await primary.SqlAsync("CREATE TABLE t AS SELECT 1 AS n");
        await using var node = await TestNode.CloneAsync(template, "b");
        await File.WriteAllTextAsync(node.Paths.Rewinding, "1:0/1", TestNode.None);
        Assert.IsType<DataDirectoryState.Unusable>(await node.Server.InspectAsync(TestNode.None));
        Assert.IsType<StartOutcome.Failed>(await node.Server.StartAsync(null, null, TestNode.None));

        var progress = new LastProgress();
        Assert.IsType<ServerOutcome.Done>(await node.Server.CopyAsync(
            primary.AsUpstream(2), progress, TimeSpan.FromMinutes(1), TestNode.None));
        Assert.True(progress.Last.Bytes > 1_000_000, string.Create(CultureInfo.InvariantCulture, $"{progress.Last}"));
        Assert.IsType<DataDirectoryState.Present>(await node.Server.InspectAsync(TestNode.None));
        Assert.Equal(["data"], Directory.EnumerateDirectories(node.Paths.NodeDirectory).Select(Path.GetFileName));
        await node.StartAsync();
        await node.FollowAsync(primary, 2);
        Assert.Equal(1, await node.SqlAsync("SELECT n FROM t"));
    }

    [Fact]
    public async Task A_new_node_is_copied_into_an_empty_place()
    {
        await using var primary = await TestNode.PrimaryAsync(template, "a", 2);
        await using var node = await TestNode.EmptyAsync("b");
        Assert.IsType<ServerOutcome.Done>(await node.Server.CopyAsync(
            primary.AsUpstream(2), null, TimeSpan.FromMinutes(1), TestNode.None));
        await node.StartAsync(primary.AsUpstream(2));
        await node.StreamsFromAsync(primary);
        var slot = Assert.Single((await primary.SnapshotAsync()).Slots);
        Assert.Equal("matriarch_b", slot.Name);
        Assert.True(slot.IsActive);
    }

    private sealed class LastProgress : IProgress<CopyProgress>
    {
        public CopyProgress Last { get; private set; }

        public void Report(CopyProgress value) => Last = value;
    }
}
