using System.Collections.Immutable;
using Matriarch.Core;
using Matriarch.Postgres;

namespace Matriarch.Agent.Tests;

/// <summary>What a standby makes of one look after another at the primary's slots and its copies.</summary>
public sealed class SlotPlanTests
{
    private static readonly Timeline Three = new(3);
    private static readonly SlotSelection All = new(LogicalSlotMode.Failover, []);

    [Fact]
    public void A_copy_is_ready_at_the_second_look_that_finds_it_protected_once_it_was_moved_forward()
    {
        var first = Look(SlotMemory.None, kept: 100, original: 100, copy: 100);
        Assert.False(Assert.Single(first.Verdicts).IsReady);
        Assert.Equal(new Lsn(60), Assert.Single(first.Advances).To);

        Assert.False(Look(first.Memory, 100, 100, 100).Verdicts[0].IsReady); // not moved yet
        Assert.True(Look(first.Memory.Decoded("s"), 100, 100, 100).Verdicts[0].IsReady);
    }

    /// <summary>
    /// The loss that this prevents: copied with catalog_xmin 100; the subscriber confirms, the primary's slot goes to
    /// 200 and vacuum takes the rows before 200; only then does the feedback arrive, and the primary keeps from 100 on
    /// what is not there any more.
    /// </summary>
    [Fact]
    public void A_copy_from_before_a_vacuum_is_not_ready_until_it_is_past_what_may_have_gone()
    {
        var memory = Look(SlotMemory.None, 100, 200, 100).Memory.Decoded("s");
        var second = Look(memory, 100, 200, 100);
        Assert.False(second.Verdicts[0].IsReady);
        Assert.Contains("has to come to 200", second.Verdicts[0].Reason!, StringComparison.Ordinal);

        Assert.False(Look(second.Memory, 150, 900, 199).Verdicts[0].IsReady);
        Assert.True(Look(second.Memory, 150, 900, 200).Verdicts[0].IsReady);
    }

    [Fact]
    public void The_floor_stays_where_it_was_when_the_original_moves_on()
    {
        var memory = Look(Look(SlotMemory.None, 100, 100, 100).Memory.Decoded("s"), 100, 100, 100).Memory;

        Assert.True(Look(memory, 100, 5000, 100).Verdicts[0].IsReady);
    }

    [Fact]
    public void Rows_that_are_kept_only_from_later_on_than_the_copy_needs_do_not_count()
    {
        // Another copy had moved the standby's feedback on before this one was loaded.
        var memory = Look(SlotMemory.None, 300, 100, 100).Memory.Decoded("s");
        var second = Look(memory, 300, 100, 100);

        Assert.False(second.Verdicts[0].IsReady);
        Assert.True(Look(second.Memory, 300, 300, 300).Verdicts[0].IsReady);
    }

    [Theory]
    [InlineData(false, 3u, 7)]
    [InlineData(true, 3u, 8)]
    public void A_gap_in_the_protection_or_in_the_stream_begins_the_watch_anew(bool isKept, uint timeline, int receiver)
    {
        var memory = Look(Look(SlotMemory.None, 100, 100, 100).Memory.Decoded("s"), 100, 100, 100).Memory;
        Assert.True(Look(memory, 100, 100, 100).Verdicts[0].IsReady);

        var gap = SlotPlan.Make(
            new UpstreamSlots(new Timeline(timeline), isKept ? new Xid(100) : null, [Slot(100, 60)]),
            Own(100) with { ReceiverPid = receiver }, memory, All);

        Assert.False(gap.Verdicts[0].IsReady);
    }

    [Fact]
    public void Transaction_ids_are_compared_around_their_wrap()
    {
        Assert.True(new Xid(uint.MaxValue - 5).Precedes(new Xid(3)));
        Assert.False(new Xid(3).Precedes(new Xid(uint.MaxValue - 5)));
        Assert.Equal(new Xid(3), Xid.Later(new Xid(3), new Xid(uint.MaxValue)));
        var memory = Look(SlotMemory.None, uint.MaxValue - 9, 20, uint.MaxValue - 9).Memory.Decoded("s");
        var second = Look(memory, uint.MaxValue - 9, 20, uint.MaxValue - 9);
        Assert.False(second.Verdicts[0].IsReady);
        Assert.True(Look(second.Memory, 20, 20, 20).Verdicts[0].IsReady);
    }

    [Fact]
    public void Nothing_is_done_by_the_word_of_a_server_that_is_no_primary_of_the_timeline_that_is_streamed()
    {
        // A former primary that was rewound has no slots: its list must not take those of others away.
        Assert.Same(SlotPlan.Nothing, SlotPlan.Make(new(null, null, []), Own(100), SlotMemory.None, All));
        Assert.Same(SlotPlan.Nothing, SlotPlan.Make(new(new Timeline(2), null, []), Own(100), SlotMemory.None, All));
        Assert.Same(
            SlotPlan.Nothing,
            SlotPlan.Make(new(Three, null, []), Own(100) with { IsInRecovery = false }, SlotMemory.None, All));
    }

    [Fact]
    public void Copies_that_the_primary_does_not_have_or_has_otherwise_or_that_are_lost_are_dropped()
    {
        Assert.Equal("s", Assert.Single(Plan([], Slot(100, 50)).Drops).Name);
        Assert.Single(Plan([Slot(100, 60) with { IsLost = true }], Slot(100, 50)).Drops);
        Assert.Single(Plan([Slot(100, 60) with { Database = "other" }], Slot(100, 50)).Drops);
        Assert.Single(Plan([Slot(100, 60) with { Plugin = "pgoutput" }], Slot(100, 50)).Drops);
        var lost = Plan([Slot(100, 60)], Slot(100, 50) with { IsLost = true });
        Assert.Single(lost.Drops);
        Assert.Equal("s", Assert.Single(lost.Absent).Name); // and copied again
        Assert.Empty(Plan([Slot(100, 60)], Slot(100, 50)).Drops);
    }

    [Fact]
    public void Ignored_slots_are_neither_copied_nor_dropped()
    {
        var ignoring = new SlotSelection(LogicalSlotMode.Failover, ["s*"]);
        var plan = SlotPlan.Make(
            new UpstreamSlots(Three, null, [Slot(100, 60) with { Name = "s2" }]), Own(100), SlotMemory.None, ignoring);

        Assert.Empty(plan.Drops);
        Assert.Empty(plan.Absent);
        Assert.Empty(plan.Verdicts);
    }

    [Theory]
    [InlineData(60, 50, 100, 60)] // as far as was confirmed
    [InlineData(60, 50, 55, 55)] // and no further than was replayed
    [InlineData(40, 50, 100, 50)] // a copy that is ahead stays
    public void A_copy_is_moved_as_far_as_was_confirmed_and_replayed(
        ulong confirmed, ulong reached, ulong replayed, ulong expected)
    {
        var plan = SlotPlan.Make(
            new UpstreamSlots(Three, null, [Slot(100, confirmed)]),
            Own(100) with { ReplayLsn = new Lsn(replayed), Slots = [Slot(100, reached)] }, SlotMemory.None, All);

        Assert.Equal(new Lsn(expected), Assert.Single(plan.Advances).To);
    }

    [Fact]
    public void A_copy_beyond_what_is_replayed_waits() => Assert.Empty(SlotPlan.Make(
        new UpstreamSlots(Three, null, [Slot(100, 60)]), Own(100) with { ReplayLsn = new Lsn(49) }, SlotMemory.None,
        All).Advances);

    [Theory]
    [InlineData("pg_*_sync_*", "pg_16400_sync_16395_7", true)]
    [InlineData("pg_*_sync_*", "pg_stat", false)]
    [InlineData("orders", "orders", true)]
    [InlineData("orders", "orders2", false)]
    [InlineData("*", "anything", true)]
    [InlineData("a*b*c", "abbc", true)]
    [InlineData("a*b*c", "acb", false)]
    public void Names_are_matched_whole_with_stars_for_any_characters(string pattern, string name, bool isIgnored)
    {
        Assert.Equal(!isIgnored, new SlotSelection(LogicalSlotMode.Failover, [pattern]).Includes(name));
        Assert.False(new SlotSelection(LogicalSlotMode.Ignore, []).Includes(name));
    }

    private static SlotPlan Look(SlotMemory before, uint kept, uint original, uint copy) => SlotPlan.Make(
        new UpstreamSlots(Three, new Xid(kept), [Slot(original, 60)]), Own(copy), before, All);

    private static SlotPlan Plan(ImmutableArray<LogicalSlot> originals, LogicalSlot copy) => SlotPlan.Make(
        new UpstreamSlots(Three, null, originals), Own(100) with { Slots = [copy] }, SlotMemory.None, All);

    private static StandbySlots Own(uint xmin) => new(true, 7, Three, new Lsn(100), [Slot(xmin, 50)]);

    private static LogicalSlot Slot(uint xmin, ulong confirmed) => new(
        "s", "test_decoding", "postgres", new Lsn(40), new Lsn(confirmed), new Xid(xmin), false, false, false);
}
