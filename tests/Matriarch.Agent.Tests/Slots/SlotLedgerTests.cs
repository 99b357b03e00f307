using Matriarch.Core;

namespace Matriarch.Agent.Tests;

/// <summary>What a node still knows of its slots after it, or all, was restarted.</summary>
public sealed class SlotLedgerTests : IDisposable
{
    private static readonly Timeline Two = new(2);
    private static readonly Timeline Three = new(3);
    private readonly string _directory = Directory.CreateTempSubdirectory("matriarch-ledger-").FullName;

    [Fact]
    public void A_slot_is_ready_only_on_the_timeline_on_which_it_was_seen_to_be_and_after_a_restart_too()
    {
        new SlotLedger(_directory).Follow(Two, ["b", "a"]);

        var ledger = new SlotLedger(_directory);

        Assert.True(ledger.IsReady(Two, "a"));
        Assert.False(ledger.IsReady(Two, "c"));
        Assert.False(ledger.IsReady(Three, "a"));
        ledger.Follow(Two, ["b"]);
        Assert.False(new SlotLedger(_directory).IsReady(Two, "a"));
    }

    [Fact]
    public void A_primary_that_was_restarted_has_all_its_slots_and_one_whose_promotion_failed_those_of_before()
    {
        var ledger = new SlotLedger(_directory);
        ledger.Follow(Two, ["a"]);
        ledger.Lead(Three);

        ledger = new SlotLedger(_directory);

        Assert.True(ledger.IsReady(Three, "made later"));
        Assert.True(ledger.IsReady(Two, "a"));
        Assert.False(ledger.IsReady(Two, "b"));
    }

    [Fact]
    public void A_slot_that_is_copied_anew_is_not_ready_on_any_timeline()
    {
        var ledger = new SlotLedger(_directory);
        ledger.Follow(Two, ["a", "b"]);
        ledger.Lead(Three);

        ledger.Forget(["a"]);

        ledger = new SlotLedger(_directory);
        Assert.False(ledger.IsReady(Two, "a"));
        Assert.False(ledger.IsReady(Three, "a"));
        Assert.True(ledger.IsReady(Two, "b"));
        Assert.True(ledger.IsReady(Three, "b"));
    }

    [Fact]
    public void Without_a_readable_file_no_slot_is_ready()
    {
        File.WriteAllText(Path.Combine(_directory, SlotLedger.FileName), "[{\"timeline\":2,\"isAll\":true}");
        Assert.False(new SlotLedger(_directory).IsReady(Two, "a"));
        File.WriteAllText(Path.Combine(_directory, SlotLedger.FileName), "[{\"timeline\":2,\"isAll\":true}, null]");
        Assert.False(new SlotLedger(_directory).IsReady(Two, "a"));
    }

    [Fact]
    public void What_could_not_be_written_holds_for_this_process_and_is_written_when_it_is_told_again()
    {
        var ledger = new SlotLedger(_directory);
        ledger.Follow(Two, ["a"]);
        var obstacle = Path.Combine(_directory, SlotLedger.FileName + ".new");
        Directory.CreateDirectory(obstacle);
        Assert.ThrowsAny<Exception>(() => ledger.Follow(Two, []));
        Assert.False(ledger.IsReady(Two, "a"));

        Directory.Delete(obstacle);
        ledger.Follow(Two, []);

        Assert.False(new SlotLedger(_directory).IsReady(Two, "a"));
    }

    [Fact]
    public void Only_the_newest_timelines_are_kept()
    {
        var ledger = new SlotLedger(_directory);
        for (var timeline = 1u; timeline <= 10; timeline++)
        {
            ledger.Follow(new Timeline(timeline), ["a"]);
        }

        Assert.True(ledger.IsReady(new Timeline(10), "a"));
        Assert.False(ledger.IsReady(new Timeline(1), "a"));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
