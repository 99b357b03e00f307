using Matriarch.Core;

namespace Matriarch.Consensus.Tests;

/// <summary>The announcement of a switchover: clients are served on until it is time, and on if it comes to
/// nothing.</summary>
public sealed class DrainingTests
{
    private readonly Bench _bench = new Bench(3).Serving();

    private Machine A => _bench["a"];

    [Fact]
    public void An_announced_switchover_serves_on_until_no_transaction_is_left()
    {
        Ask("c");
        _bench.Pass(500);
        Assert.Equal(LeadershipPhase.Draining, A.Node.Phase);
        Assert.True(A.Node.IsServing);
        Assert.NotNull(A.Serving);
        Assert.Equal(new Posture.Leading(new Term(3)), A.Posture);

        A.Take(new ConsensusEvent.Drained(A.Draining));

        Assert.Null(A.Serving);
        Assert.Equal(new Posture.HandedOver(new Term(3)), A.Posture);
    }

    [Fact]
    public void Followers_go_on_following_a_leader_that_drains()
    {
        Ask("c");
        _bench.Pass(500);
        Assert.Equal(new Posture.Following(new Term(3), new NodeId("a")), _bench["b"].Posture);
        _bench["b"].Restart();
        _bench["b"].Reach(3, 1100, _bench.Rule);
        _bench.Pass(300);
        Assert.Equal(new Posture.Following(new Term(3), new NodeId("a")), _bench["b"].Posture);
    }

    [Fact]
    public void A_drain_that_never_ends_is_ended_by_its_deadline()
    {
        Ask("c", TimeSpan.FromMilliseconds(600));
        _bench.Pass(500);
        Assert.True(A.Node.IsServing);
        _bench.Pass(200);
        Assert.Equal(LeadershipPhase.HandingOver, A.Node.Phase);
        Assert.Contains(A.Notices, n => n.Text.Contains("not all transactions ended", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_time_to_drain_it_hands_over_at_once()
    {
        Ask("c", TimeSpan.Zero);
        Assert.Equal(LeadershipPhase.HandingOver, A.Node.Phase);
    }

    [Fact]
    public void A_successor_that_is_lost_meanwhile_lets_the_leader_serve_on()
    {
        Ask("c");
        _bench.Cut("c");
        _bench.Pass(1200);
        Assert.Equal(LeadershipPhase.Serving, A.Node.Phase);
        Assert.NotNull(A.Serving);
        Assert.True(A.HasReported("switchover-abandoned"));
    }

    [Fact]
    public void The_end_of_an_abandoned_drain_does_not_end_the_next_one()
    {
        Ask("c");
        var first = A.Draining;
        _bench.Cut("c");
        _bench.Pass(1200);
        Ask("b");
        A.Take(new ConsensusEvent.Drained(first));
        Assert.Equal(LeadershipPhase.Draining, A.Node.Phase);
        A.Take(new ConsensusEvent.Drained(A.Draining));
        Assert.Equal(LeadershipPhase.HandingOver, A.Node.Phase);
    }

    [Fact]
    public void A_second_switchover_during_the_first_is_refused_and_changes_nothing()
    {
        Ask("c");
        Ask("b");
        Assert.Contains("a switchover to c is under way", A.Refusal, StringComparison.Ordinal);
        A.Take(new ConsensusEvent.Drained(A.Draining));
        _bench.Pass(100);
        Assert.True(A.Node.Phase is LeadershipPhase.HandingOver);
        Assert.DoesNotContain(A.Notices, n => n.Text.Contains("over to b", StringComparison.Ordinal));
    }

    [Fact]
    public void A_draining_leader_without_a_lease_steps_down()
    {
        Ask("c");
        _bench.Cut("a");
        _bench.Pass(1300);
        Assert.Null(A.Serving);
        Assert.False(A.Node.IsServing);
        Assert.Equal(new Posture.Detached(new Term(3)), A.Posture);
    }

    [Fact]
    public void A_draining_leader_that_dies_is_replaced_like_any_other()
    {
        Ask("c");
        _bench.Pass(100);
        _bench.Cut("a");
        _bench.Pass(1100);
        foreach (var name in new[] { "b", "c" })
        {
            _bench[name].Reach(3, 1100, _bench.Rule);
        }

        _bench.Pass(2500);
        Assert.True(_bench["b"].Node.Promise.Term > new Term(3));
        Assert.Equal(_bench["b"].Node.Promise.Term, _bench["c"].Node.Promise.Term);
    }

    private void Ask(string to, TimeSpan? drain = null) =>
        A.Take(new ConsensusEvent.SwitchoverAsked(new NodeId(to), 1, drain));
}
