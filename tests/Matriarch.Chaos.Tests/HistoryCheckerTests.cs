using static Matriarch.Chaos.Tests.Histories;

namespace Matriarch.Chaos.Tests;

public sealed class HistoryCheckerTests
{
    [Fact]
    public void A_history_in_which_everything_is_right_is_clean() => Assert.Empty(Violated(
        Round(Done(1, 0, 10), Primary(20, 30, "a", 1, 1), Done(2, 40, 50, "b", 2), Primary(60, 70, "b", 2, 1, 2))));

    [Fact]
    public void An_acknowledged_row_that_a_later_read_does_not_see_is_lost() => Assert.Equal(
        [HistoryChecker.Lost], Violated(Round(Done(1, 0, 10), Done(2, 0, 10), Primary(20, 30, "a", 1, 2))));

    [Fact]
    public void A_row_is_lost_in_a_later_round_too() => Assert.Equal(
        [HistoryChecker.Lost],
        Violated(Round(Done(1, 0, 10), Primary(20, 30, "a", 1, 1)), Round(Primary(40, 50, "a", 1))));

    [Fact]
    public void One_row_of_an_acknowledged_transaction_may_not_be_lost() => Assert.Contains(
        HistoryChecker.Lost, Violated(Round(Done(1, 0, 10, count: 3), Primary(20, 30, "a", 1, 1, 3))));

    [Fact]
    public void A_read_that_began_before_the_acknowledgement_need_not_see_the_row() =>
        Assert.Empty(Violated(Round(Done(1, 0, 10), Primary(5, 30, "a", 1))));

    [Fact]
    public void A_read_that_did_not_ask_for_the_row_need_not_see_it() => Assert.Empty(
        Violated(Round(Done(1, 0, 10), Primary(20, 30, "a", 1) with { From = 2 })));

    [Fact]
    public void An_unknown_write_may_be_there_or_not() => Assert.Empty(
        Violated(Round(Unsure(1, 0, 10), Unsure(2, 0, 10), Primary(20, 30, "a", 1, 1))));

    [Fact]
    public void An_unknown_write_that_was_seen_stays() => Assert.Equal(
        [HistoryChecker.Vanished],
        Violated(Round(Unsure(1, 0, 10), Primary(20, 30, "a", 1, 1), Primary(40, 50, "b", 2))));

    [Fact]
    public void One_whose_wait_for_replication_was_cancelled_may_be_seen_and_vanish()
    {
        var cancelled = Unsure(1, 0, 10) with { Error = "40003" };

        var verdict = new HistoryChecker().Check(Round(cancelled, Primary(20, 30, "a", 1, 1), Primary(40, 50, "b", 2)));

        Assert.True(verdict.IsClean);
        Assert.Equal(1, verdict.Documented[HistoryChecker.CancelledAllowed]);
    }

    [Fact]
    public void An_unknown_write_may_appear_late() => Assert.Empty(
        Violated(Round(Unsure(1, 0, 10), Primary(20, 30, "a", 1), Primary(40, 50, "b", 2, 1))));

    [Fact]
    public void Reads_that_overlap_may_disagree() => Assert.Empty(
        Violated(Round(Unsure(1, 0, 10), Primary(20, 40, "a", 1, 1), Primary(30, 50, "a", 1))));

    [Fact]
    public void A_transaction_of_which_a_read_sees_a_part_is_torn() => Assert.Equal(
        [HistoryChecker.Whole], Violated(Round(Unsure(1, 0, 10, count: 2), Primary(20, 30, "a", 1, 1))));

    [Fact]
    public void A_write_of_an_older_term_after_one_of_a_newer_term_is_of_a_dirty_leader() => Assert.Equal(
        [HistoryChecker.DirtyLeader], Violated(Round(Done(1, 0, 10, "b", 2), Done(2, 20, 30, "a", 1))));

    [Fact]
    public void A_write_of_an_older_term_that_was_on_its_way_is_not() => Assert.Empty(
        Violated(Round(Done(1, 0, 10, "b", 2), Done(2, 5, 30, "a", 1))));

    [Fact]
    public void A_dirty_leader_is_found_across_rounds() => Assert.Equal(
        [HistoryChecker.DirtyLeader], Violated(Round(Done(1, 0, 10, "b", 2)), Round(Done(2, 20, 30, "a", 1))));

    [Fact]
    public void A_read_from_an_older_leader_is_dirty() => Assert.Equal(
        [HistoryChecker.DirtyLeader], Violated(Round(Done(1, 0, 10, "b", 2), Primary(20, 30, "a", 1))));

    [Fact]
    public void A_read_from_an_older_leader_whose_agent_was_frozen_is_counted()
    {
        var round = Round(Done(1, 0, 10, "b", 2), Primary(20, 30, "a", 1));

        var verdict = new HistoryChecker().Check(round with { Unfenced = ["a"] });

        Assert.True(verdict.IsClean);
        Assert.Equal(1, verdict.Documented[HistoryChecker.StaleAllowed]);
    }

    [Fact]
    public void A_frozen_agent_excuses_no_lost_write() => Assert.Equal(
        [HistoryChecker.Lost],
        Violated(Round(Done(1, 0, 10, "a"), Primary(20, 30, "b", 2)) with { Unfenced = ["a"] }));

    [Fact]
    public void A_standby_that_answers_primary_reads_is_found() => Assert.Equal(
        [HistoryChecker.NotPrimary], Violated(Round(Primary(0, 10, "a", 1) with { InRecovery = true })));

    [Fact]
    public void A_leader_on_another_timeline_than_its_term_is_found() => Assert.Equal(
        [HistoryChecker.TimelineIsTerm],
        Violated(Round(Done(1, 0, 10) with { By = new Answerer("a", 2, 3) })));

    [Fact]
    public void Two_nodes_that_acknowledge_in_one_term_are_found() => Assert.Equal(
        [HistoryChecker.OneLeader], Violated(Round(Done(1, 0, 10, "a", 2), Done(2, 5, 15, "b", 2))));

    [Fact]
    public void Rows_that_name_two_leaders_of_one_term_are_found() => Assert.Equal(
        [HistoryChecker.OneLeader], Violated(Round(new RuleRow("a", 2, 0, "a"), new RuleRow("b", 2, 1, "b"))));

    [Fact]
    public void A_row_that_names_another_leader_than_the_one_that_acknowledged_is_found() => Assert.Equal(
        [HistoryChecker.OneLeader],
        Violated(Round(Done(1, 0, 10, "a", 2)), Round(new RuleRow("b", 2, 1, "b"))));

    [Fact]
    public void A_timeline_with_two_histories_is_found_across_rounds() => Assert.Equal(
        [HistoryChecker.OneHistory],
        Violated(Round(new TimelineFile("a", 3, "1@0/3; 2@0/5")), Round(new TimelineFile("b", 3, "1@0/4"))));

    [Fact]
    public void The_same_history_on_two_nodes_is_one() => Assert.Empty(
        Violated(Round(new TimelineFile("a", 3, "1@0/3"), new TimelineFile("b", 3, "1@0/3"))));

    [Fact]
    public void A_timeline_that_was_begun_by_hand_is_counted()
    {
        var round = Round(new TimelineFile("a", 3, "1@0/3"), new TimelineFile("b", 3, "1@0/4"));

        var verdict = new HistoryChecker().Check(round with { Foreign = [3] });

        Assert.True(verdict.IsClean);
        Assert.Equal(1, verdict.Documented[HistoryChecker.ForeignAllowed]);
    }

    [Fact]
    public void A_replica_that_goes_back_without_a_rewind_is_found() => Assert.Equal(
        [HistoryChecker.ReplicaVanished], Violated(Round(Replica(0, 10, "b", 1, 2), Replica(20, 30, "b", 1))));

    [Fact]
    public void A_row_that_only_a_replica_has_shown_and_that_is_in_no_later_primary_read_is_found() => Assert.Equal(
        [HistoryChecker.ReplicaVanished], Violated(Round(Replica(0, 10, "b", 1), Primary(20, 30, "a", 1))));

    [Fact]
    public void Rows_that_vanish_from_a_replica_that_was_rewound_are_counted()
    {
        var round = Round(Replica(0, 10, "b", 1, 2), Replica(20, 30, "b"), Primary(40, 50, "a", 2));

        var verdict = new HistoryChecker().Check(round with { Rewound = ["b"] });

        Assert.True(verdict.IsClean);
        Assert.Equal(2, verdict.Documented[HistoryChecker.VanishedAllowed]);
    }

    [Fact]
    public void Replicas_may_lag_and_differ() => Assert.Empty(
        Violated(Round(Done(1, 0, 10), Replica(20, 30, "b"), Replica(20, 30, "c", 1), Primary(40, 50, "a", 1, 1))));
}
