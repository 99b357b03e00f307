namespace Matriarch.Agent.Tests;

/// <summary>For whom a leader that is about to hand over waits.</summary>
public sealed class GatewayRollTests
{
    private readonly ManualTime _time = new();
    private readonly GatewayRoll _roll;

    public GatewayRollTests() => _roll = new GatewayRoll(_time);

    [Fact]
    public void Without_gateways_there_is_nobody_to_wait_for()
    {
        _roll.DrainsSince(5);
        Assert.True(_roll.HaveAllSeen(5));
    }

    [Fact]
    public void A_gateway_that_has_been_told_and_asks_for_more_has_acted()
    {
        _roll.Asks("one", 4);
        _roll.DrainsSince(5);
        Assert.False(_roll.HaveAllSeen(5));
        _roll.Answered("one");
        Assert.False(_roll.HaveAllSeen(5));
        _roll.Asks("one", 5);
        Assert.True(_roll.HaveAllSeen(6));
    }

    [Fact]
    public void One_of_several_that_has_not_acted_is_waited_for()
    {
        _roll.DrainsSince(5);
        _roll.Asks("one", 5);
        _roll.Asks("other", 0);
        Assert.False(_roll.HaveAllSeen(5));
    }

    [Fact]
    public void A_gateway_that_is_gone_is_forgotten_and_one_whose_poll_waits_is_not()
    {
        _roll.Asks("waits", 4);
        _roll.Asks("gone", 4);
        _roll.Answered("gone");
        _roll.DrainsSince(5);
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.False(_roll.HaveAllSeen(5));
        _roll.Answered("waits");
        _roll.Asks("waits", 5);
        Assert.True(_roll.HaveAllSeen(5));
    }

    [Fact]
    public void More_gateways_than_are_remembered_are_not_waited_for()
    {
        for (var i = 0; i < GatewayRoll.MostGateways; i++)
        {
            _roll.Asks($"g{i}", 9);
        }

        _roll.DrainsSince(9);
        _roll.Asks("one more", 0);
        Assert.True(_roll.HaveAllSeen(9));
        _roll.Answered("one more");
    }
}
