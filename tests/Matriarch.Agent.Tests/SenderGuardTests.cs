using System.Net;

namespace Matriarch.Agent.Tests;

public sealed class SenderGuardTests
{
    private static readonly IPEndPoint Here = new(IPAddress.Loopback, 1000);
    private static readonly IPEndPoint There = new(IPAddress.Loopback, 2000);

    private readonly ManualTime _time = new();

    [Fact]
    public void A_second_node_of_the_same_name_is_held_off_while_the_first_is_heard()
    {
        var guard = new SenderGuard(_time);
        Assert.False(guard.IsHeldByAnother(Here, boot: 1));
        Assert.True(guard.Accept(Here, 1, 1));
        Assert.True(guard.IsHeldByAnother(There, boot: 2));
        Assert.False(guard.IsHeldByAnother(Here, boot: 1));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(guard.IsHeldByAnother(There, boot: 2));
    }

    [Fact]
    public void An_agent_that_was_started_again_at_its_address_is_taken_at_once()
    {
        var guard = new SenderGuard(_time);
        Assert.True(guard.Accept(Here, 1, 9));
        Assert.False(guard.IsHeldByAnother(Here, boot: 2));
        Assert.True(guard.Accept(Here, 2, 1));
        Assert.False(guard.Accept(Here, 1, 10), "its former process is a replay");
    }

    [Fact]
    public void A_node_that_moved_is_taken_when_its_old_address_has_been_silent()
    {
        var guard = new SenderGuard(_time);
        Assert.True(guard.Accept(Here, 1, 1));
        guard.IsDuplicateReported = true;
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.False(guard.IsHeldByAnother(There, boot: 2));
        Assert.True(guard.Accept(There, 2, 1));
        Assert.False(guard.IsDuplicateReported);
        Assert.True(guard.IsHeldByAnother(Here, boot: 3));
    }
}
