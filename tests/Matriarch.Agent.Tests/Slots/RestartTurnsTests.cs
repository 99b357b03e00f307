using System.Collections.Immutable;
using Matriarch.Consensus;
using Matriarch.Core;
using static Matriarch.Agent.Tests.Pictures;

namespace Matriarch.Agent.Tests;

/// <summary>Which standby the leader lets restart, and when.</summary>
public sealed class RestartTurnsTests
{
    private static readonly TimeSpan Start = TimeSpan.FromSeconds(100);
    private readonly RestartTurns _turns = new();

    [Fact]
    public void Standbys_have_their_turns_one_after_the_other_and_only_when_all_is_well_again()
    {
        Assert.Null(_turns.Decide(Picture(), Start));
        var first = _turns.Decide(Picture(), Start + RestartTurns.Pause);
        Assert.Equal(B, first?.Node);
        Assert.Equal(first, _turns.Decide(Picture(), Start + (RestartTurns.Pause * 1.5)));

        // b restarts, and while it is away nobody else may.
        var at = Start + (RestartTurns.Pause * 2);
        var away = Picture(attached: [C]) with
        {
            Standbys = [new TurnCandidate(B, true, false, 1), new TurnCandidate(C, true, true, 1)],
        };
        Assert.Null(_turns.Decide(away, at));
        Assert.Null(_turns.Decide(away, at + RestartTurns.Pause));
        var back = Picture(waitingB: 0);
        at += RestartTurns.Pause * 2;
        Assert.Null(_turns.Decide(back, at));
        var second = _turns.Decide(back, at + RestartTurns.Pause);
        Assert.Equal(C, second?.Node);
        Assert.NotEqual(first?.Number, second?.Number);
    }

    [Fact]
    public void Nobody_has_a_turn_while_commits_would_have_no_quorum_without_it()
    {
        var both = Picture() with { Synchronous = new SynchronousStandbys(2, [B, C]) };
        Assert.Null(Later(both));

        var two = Picture(attached: [B]) with
        {
            Synchronous = new SynchronousStandbys(1, [B]), Voters = [B],
            Standbys = [new TurnCandidate(B, true, true, 1)],
        };
        Assert.Null(Later(two));
        Assert.Null(Later(Picture() with { Synchronous = null }));
    }

    [Fact]
    public void Nobody_has_a_turn_while_a_voter_is_away_or_anything_is_going_on()
    {
        Assert.Null(Later(Picture(attached: [B])));
        Assert.Null(Later(Picture() with
        {
            Standbys = [new TurnCandidate(B, true, true, 1), new TurnCandidate(C, true, false, 0)],
        }));
        Assert.Null(Later(Picture() with { IsCalm = false }));
        Assert.Null(Later(Picture(0, 0)));
    }

    [Fact]
    public void A_turn_ends_at_once_when_a_switchover_begins()
    {
        Assert.NotNull(Later(Picture()));
        Assert.Null(_turns.Decide(Picture() with { IsCalm = false }, Start + (RestartTurns.Pause * 1.2)));
    }

    [Fact]
    public void A_standby_that_has_slots_to_load_again_and_again_waits_twice_as_long_each_time()
    {
        var picture = Picture(waitingC: 0);
        var (given, now, last) = (new List<TimeSpan>(), Start, (RestartTurn?)null);
        for (; given.Count < 12; now += TimeSpan.FromSeconds(1))
        {
            if (_turns.Decide(picture, now) is { } turn && turn != last)
            {
                given.Add(now);
                last = turn;
            }
        }

        var gaps = given.Skip(1).Zip(given, (a, b) => a - b).ToList();
        Assert.True(gaps[0] >= RestartTurns.LeastWait);
        Assert.All(gaps.Zip(gaps.Skip(1)), p => Assert.True(p.Second >= p.First));
        Assert.All(gaps.Skip(7), g => Assert.True(g >= RestartTurns.MostWait));
    }

    [Fact]
    public void An_observer_has_its_turn_although_no_commit_waits_for_it()
    {
        var observer = new NodeId("o");
        var picture = Picture(0, 0) with
        {
            Standbys =
            [
                new TurnCandidate(B, true, true, 0), new TurnCandidate(C, true, true, 0),
                new TurnCandidate(observer, false, true, 1),
            ],
        };

        Assert.Equal(observer, Later(picture)?.Node);
    }

    private RestartTurn? Later(TurnPicture picture)
    {
        _turns.Decide(picture, Start);
        return _turns.Decide(picture, Start + RestartTurns.Pause);
    }

    private static TurnPicture Picture(int waitingB = 1, int waitingC = 1, NodeId[]? attached = null) => new(
        true, new SynchronousStandbys(1, [B, C]), [.. attached ?? [B, C]], [B, C],
        [new TurnCandidate(B, true, true, waitingB), new TurnCandidate(C, true, true, waitingC)]);
}
