using System.Collections.Immutable;
using Matriarch.Core;
using Matriarch.TestKit;
using Npgsql;

namespace Matriarch.Postgres.Tests;

/// <summary>Logical slots on real servers before PostgreSQL 17: copied as files, loaded by a start.</summary>
public sealed class LogicalSlotTests(DataTemplate template)
{
    private const string Changes =
        "SELECT count(*) FROM pg_logical_slot_get_changes('s', NULL, NULL) WHERE data LIKE '%INSERT%'";

    [Fact]
    public async Task A_copied_slot_is_protected_moves_with_its_original_and_serves_what_was_not_confirmed()
    {
        await using var primary = await TestNode.PrimaryAsync(template, "a", 2);
        await using var standby = await TestNode.StartAsync(template, "b");
        await standby.FollowAsync(primary, 2);
        await primary.SqlAsync("CREATE TABLE t (n int)");
        await primary.SqlAsync("SELECT pg_create_logical_replication_slot('s', 'test_decoding')");
        await primary.SqlAsync("INSERT INTO t VALUES (1)");
        await CarryAsync(primary, standby);
        var slots = standby.Server.LogicalSlots;
        await Eventually.HoldsAsync(
            "the primary keeps catalogue rows for the copy",
            async () => (await slots.ReadUpstreamAsync(primary.AsUpstream(2), TestNode.None)).Slots is
                { ProtectedXmin: { } kept, Slots: [{ CatalogXmin: { } own }] } && !own.Precedes(kept));

        await primary.SqlAsync(Changes);
        await primary.SqlAsync("INSERT INTO t VALUES (2)");
        await standby.CatchesUpAsync((await primary.PositionAsync()).Lsn);
        var (original, _) = await slots.ReadUpstreamAsync(primary.AsUpstream(2), TestNode.None);
        var (own, _) = await slots.ReadOwnAsync(TestNode.None);
        Assert.Equal(new Timeline(2), original!.Timeline);
        var confirmed = Assert.Single(original.Slots).ConfirmedLsn!.Value;
        var copy = Assert.Single(own!.Slots);
        Assert.True(copy.IsSameAs(original.Slots[0]));
        Assert.True(copy.ConfirmedLsn < confirmed);
        Assert.IsType<SlotAdvanceOutcome.Done>(await slots.AdvanceAsync(copy, confirmed, TestNode.None));
        Assert.Equal(confirmed, (await slots.ReadOwnAsync(TestNode.None)).Slots!.Slots[0].ConfirmedLsn);

        await primary.Server.StopAsync(ShutdownMode.Immediate, TestNode.Soon);
        await standby.DetachAsync();
        await standby.PromoteAsync(3);
        Assert.Equal(1L, await standby.SqlAsync(Changes));
    }

    /// <summary>
    /// The loss that copying only the state would bring: a transaction that ran where the slot begins to decode keeps
    /// the standby from building a snapshot in time, and what was committed meanwhile is never sent.
    /// </summary>
    [Theory]
    [InlineData(true, 1L)]
    [InlineData(false, 0L)]
    public async Task A_copy_without_the_snapshot_where_it_begins_would_skip_changes(bool isWhole, long expected)
    {
        await using var primary = await TestNode.PrimaryAsync(template, "a", 2);
        await using var standby = await TestNode.StartAsync(template, "b");
        await standby.FollowAsync(primary, 2);
        await primary.SqlAsync("CREATE TABLE t (n int)");
        await primary.SqlAsync("SELECT pg_create_logical_replication_slot('s', 'test_decoding')");
        var before = await RestartLsnAsync(primary);
        await using var open = await primary.ConnectAsync();
        await using var transaction = await open.BeginTransactionAsync(TestNode.None);
        await using var command = new NpgsqlCommand("SELECT pg_current_xact_id()", open, transaction);
        await command.ExecuteScalarAsync(TestNode.None);
        await Eventually.HoldsAsync(
            "the slot begins where the open transaction runs",
            async () =>
            {
                await primary.SqlAsync("INSERT INTO t VALUES (0)");
                await primary.SqlAsync("CHECKPOINT");
                await primary.SqlAsync(Changes);
                return await RestartLsnAsync(primary) > before && await HasSnapshotAsync(primary);
            });
        await primary.SqlAsync("CHECKPOINT");
        await primary.SqlAsync(Changes);
        await primary.SqlAsync("INSERT INTO t VALUES (1)");
        await standby.CatchesUpAsync((await primary.PositionAsync()).Lsn);
        await CarryAsync(primary, standby, c => isWhole ? c : c with { Snapshot = null });
        await standby.CatchesUpAsync((await primary.PositionAsync()).Lsn);

        await primary.Server.StopAsync(ShutdownMode.Immediate, TestNode.Soon);
        await standby.DetachAsync();
        await standby.PromoteAsync(3);
        await standby.SqlAsync("CHECKPOINT");
        await standby.SqlAsync("CHECKPOINT");
        Assert.Equal(expected, await standby.SqlAsync(Changes));
    }

    [Fact]
    public async Task A_slot_whose_wal_the_standby_does_not_have_is_not_loaded_and_one_that_breaks_says_so()
    {
        await using var primary = await TestNode.PrimaryAsync(template, "a", 2);
        await using var standby = await TestNode.StartAsync(template, "b");
        await standby.FollowAsync(primary, 2);
        await primary.SqlAsync("SELECT pg_create_logical_replication_slot('s', 'test_decoding')");
        var upstream = primary.AsUpstream(2);
        var (original, _) = await standby.Server.LogicalSlots.ReadUpstreamAsync(upstream, TestNode.None);
        await primary.SqlAsync("SELECT pg_switch_wal()");
        await primary.SqlAsync("CHECKPOINT");
        await standby.CatchesUpAsync((await primary.PositionAsync()).Lsn);
        // So that the standby does not begin in the first segment, and get it again.
        Assert.IsType<ServerOutcome.Done>(await standby.Server.CheckpointAsync(TestNode.Soon, TestNode.None));
        var copying = standby.Server.SlotCopying;
        Assert.Single(copying.Missing(original!.Slots));
        var (copies, _) = await copying.FetchAsync(upstream, ["s"], TestNode.None);
        await standby.Server.StopAsync(ShutdownMode.Fast, TestNode.Soon);
        Assert.Equal(["s"], copying.Install(copies).Installed);
        // The first segment, of each timeline.
        foreach (var segment in Directory.GetFiles(Path.Combine(standby.Paths.Data, "pg_wal"), "*0000000000000001"))
        {
            File.Move(segment, segment + ".away");
        }

        Assert.Empty(copying.Missing([original.Slots[0] with { Name = "other" }]));

        await standby.StartAsync(upstream);
        await standby.StreamsFromAsync(primary);
        var copy = Assert.Single((await standby.Server.LogicalSlots.ReadOwnAsync(TestNode.None)).Slots!.Slots);
        Assert.IsType<SlotAdvanceOutcome.Broken>(
            await standby.Server.LogicalSlots.AdvanceAsync(copy, copy.ConfirmedLsn!.Value, TestNode.None));

        Assert.IsType<ServerOutcome.Done>(
            await standby.Server.LogicalSlots.DropAsync(["s", "never"], TestNode.Soon, TestNode.None));
        Assert.Empty((await standby.Server.LogicalSlots.ReadOwnAsync(TestNode.None)).Slots!.Slots);
    }

    [Fact]
    public async Task A_rewind_leaves_no_slot_of_the_former_primary()
    {
        await using var former = await TestNode.PrimaryAsync(template, "a", 2);
        await using var standby = await TestNode.StartAsync(template, "b");
        await standby.FollowAsync(former, 2);
        await former.SqlAsync("SELECT pg_create_logical_replication_slot('s', 'test_decoding')");
        await standby.DetachAsync();
        await standby.PromoteAsync(3);
        await former.SqlAsync("CREATE TABLE alone (n int)");
        var position = await former.PositionAsync();

        Assert.IsType<ServerOutcome.Done>(await former.Server.RewindAsync(
            standby.AsUpstream(3), position, TestNode.Soon, TestNode.None));
        Assert.IsType<ServerOutcome.Done>(await standby.Server.EnsureSlotsAsync([former.Name], TestNode.None));
        await former.StartAsync(standby.AsUpstream(3));

        Assert.Empty((await former.Server.LogicalSlots.ReadOwnAsync(TestNode.None)).Slots!.Slots);
        Assert.Empty((await former.SnapshotAsync()).Slots);
    }

    private static async Task CarryAsync(TestNode primary, TestNode standby, Func<SlotCopy, SlotCopy>? change = null)
    {
        var copying = standby.Server.SlotCopying;
        var (copies, problem) = await copying.FetchAsync(primary.AsUpstream(2), ["s", "never"], TestNode.None);
        Assert.Null(problem);
        Assert.Single(copies);
        await standby.Server.StopAsync(ShutdownMode.Fast, TestNode.Soon);
        var changed = copies.Select(change ?? (c => c)).ToImmutableArray();
        Assert.Equal(["s"], copying.Install(changed).Installed);
        Assert.Empty(copying.Install(changed).Installed);
        await standby.StartAsync(primary.AsUpstream(2));
        await standby.StreamsFromAsync(primary);
    }

    private static async Task<Lsn> RestartLsnAsync(TestNode node) => Lsn.Parse((string)(await node.SqlAsync(
        "SELECT restart_lsn::text FROM pg_replication_slots WHERE slot_name = 's'"))!);

    private static async Task<bool> HasSnapshotAsync(TestNode node) => await node.SqlAsync(
        """
        SELECT EXISTS (SELECT FROM pg_ls_logicalsnapdir() d, pg_replication_slots s
        WHERE s.slot_name = 's' AND d.name = replace(s.restart_lsn::text, '/', '-') || '.snap')
        """) is true;
}
