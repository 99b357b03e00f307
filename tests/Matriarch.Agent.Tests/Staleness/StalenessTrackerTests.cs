using Matriarch.Consensus;
using Matriarch.Core;
using Matriarch.Postgres;

namespace Matriarch.Agent.Tests;

/// <summary>How old the data of a standby may be, as its agent can prove it. Its leader leads term 3.</summary>
public sealed class StalenessTrackerTests
{
    private const int Postmaster = 4711;
    private static readonly Timeline Three = new(3);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly ManualTime _time = new();
    private readonly StalenessTracker _tracker;

    public StalenessTrackerTests()
    {
        _time.Advance(TimeSpan.FromHours(1));
        _tracker = new StalenessTracker(_time);
    }

    [Fact]
    public void Nothing_is_known_before_a_leader_gave_a_probe_back()
    {
        Assert.Null(_tracker.Current(Replayed(1000)));
    }

    [Fact]
    public void It_counts_from_when_the_probe_was_drawn_however_long_it_was_on_its_way()
    {
        var probe = _tracker.Draw();
        _time.Advance(7 * Second);
        _tracker.Heard(probe, Three, new Lsn(100), Replayed(100));

        Assert.Equal(7 * Second, _tracker.Current(Replayed(100)));
    }

    [Fact]
    public void While_it_is_cut_off_it_grows_older_and_no_younger()
    {
        Prove(100);
        _time.Advance(5 * Second);

        Assert.Equal(5 * Second, _tracker.Current(Replayed(100) with { Snapshot = Standby(100, receiver: null) }));
        _time.Advance(5 * Second);
        Assert.Equal(10 * Second, _tracker.Current(Replayed(100)));
    }

    [Fact]
    public void What_was_received_and_not_replayed_proves_nothing()
    {
        var probe = _tracker.Draw();
        _tracker.Heard(probe, Three, new Lsn(100), Replayed(99));
        Assert.Null(_tracker.Current(Replayed(99)));

        _time.Advance(Second);
        Assert.Equal(Second, _tracker.Current(Replayed(100)));
    }

    [Fact]
    public void A_replica_that_lags_is_as_old_as_the_newest_state_that_it_has_replayed()
    {
        for (var lsn = 1; lsn <= 10; lsn++)
        {
            _tracker.Heard(_tracker.Draw(), Three, new Lsn((ulong)lsn), Replayed(0));
            _time.Advance(Second);
        }

        Assert.Equal(7 * Second, _tracker.Current(Replayed(4)));
        Assert.Equal(1 * Second, _tracker.Current(Replayed(10)));
    }

    [Fact]
    public void A_lag_of_any_length_keeps_a_bounded_number_of_marks_and_never_looks_younger()
    {
        const int heartbeats = 10_000;
        for (var lsn = 1; lsn <= heartbeats; lsn++)
        {
            _tracker.Heard(_tracker.Draw(), Three, new Lsn((ulong)lsn), Replayed(0));
            _time.Advance(Second);
        }

        for (var replayed = 500; replayed <= heartbeats; replayed += 500)
        {
            var really = (heartbeats - replayed + 1) * Second;
            Assert.True(_tracker.Current(Replayed((ulong)replayed)) is not { } age || age >= really);
        }

        Assert.Equal(Second, _tracker.Current(Replayed(heartbeats)));
    }

    [Fact]
    public void The_same_number_on_another_timeline_proves_nothing()
    {
        // It has not gone over to the leader of term 3 yet: what it has replayed may be what that one never had.
        var onTwo = Replayed(500) with { Snapshot = Standby(500, new Timeline(2)) };
        _tracker.Heard(_tracker.Draw(), Three, new Lsn(100), onTwo);

        Assert.Null(_tracker.Current(onTwo));
    }

    [Fact]
    public void Without_a_stream_of_the_leaders_timeline_nothing_is_proven()
    {
        var apart = Replayed(500) with { Snapshot = Standby(500, receiver: null) };
        _tracker.Heard(_tracker.Draw(), Three, new Lsn(100), apart);

        Assert.Null(_tracker.Current(apart));
    }

    [Fact]
    public void A_server_that_was_started_again_has_proven_nothing_until_it_has_again()
    {
        Prove(100);
        var again = Replayed(100) with { PostmasterPid = Postmaster + 1 };

        Assert.Null(_tracker.Current(again));
        Assert.Null(_tracker.Current(again with { Snapshot = null }));
        _time.Advance(Second);
        _tracker.Heard(_tracker.Draw(), Three, new Lsn(100), again);
        Assert.Equal(TimeSpan.Zero, _tracker.Current(again));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_leads_or_went_back_is_not_as_it_was_proven(bool leads)
    {
        Prove(100);

        Assert.Null(_tracker.Current(Replayed(100) with { Snapshot = leads ? Leader() : Standby(50, Three) }));
    }

    [Fact]
    public void A_probe_of_another_process_says_nothing()
    {
        var former = new StalenessTracker(_time).Draw();
        _tracker.Heard(former, Three, new Lsn(100), Replayed(100));

        Assert.Null(_tracker.Current(Replayed(100)));
    }

    [Fact]
    public void A_heartbeat_that_was_overtaken_changes_nothing()
    {
        var first = _tracker.Draw();
        _time.Advance(Second);
        _tracker.Heard(_tracker.Draw(), Three, new Lsn(200), Replayed(200));
        _tracker.Heard(first, Three, new Lsn(100), Replayed(200));

        Assert.Equal(TimeSpan.Zero, _tracker.Current(Replayed(200)));
    }

    private void Prove(ulong lsn) => _tracker.Heard(_tracker.Draw(), Three, new Lsn(lsn), Replayed(lsn));

    private static DriverReport Replayed(ulong lsn) => new(
        PostgresStatus.Unknown, Standby(lsn, Three), DriverActivity.None, Postmaster, null);

    private static ServerSnapshot Standby(ulong lsn, Timeline? receiver) => new(
        true, new SystemIdentifier(7), Three, new Lsn(lsn + 1000), new Lsn(lsn), new Lsn(lsn + 1000),
        receiver is { } timeline ? new WalReceiverStatus("streaming", timeline, null, null, null) : null,
        TimeSpan.Zero, 150_000, [], [], null);

    private static ServerSnapshot Leader() => Standby(100, null) with { IsInRecovery = false };
}
