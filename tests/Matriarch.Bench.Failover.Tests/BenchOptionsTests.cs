using Matriarch.Core;

namespace Matriarch.Bench.Failover.Tests;

public sealed class BenchOptionsTests
{
    [Fact]
    public void Without_arguments_thirty_runs_of_every_fault_without_a_peer()
    {
        var options = BenchOptions.Parse([]);

        Assert.Equal((30, 5, 4), (options.Runs, options.PeerRuns, options.Clients));
        Assert.Equal([Fault.Node, Fault.Postgres, Fault.Switchover, Fault.Isolated], options.Faults);
        Assert.Empty(options.Peers);
    }

    [Fact]
    public void What_is_asked_for_is_taken()
    {
        var options = BenchOptions.Parse(
        [
            "--runs", "3", "--peer", "patroni", "--peer-settings", "both", "--peer-runs", "0", "--faults",
            "isolated,node,node", "--clients", "9", "--seed", "7", "--output", "/a/b.json",
        ]);

        Assert.Equal((3, 0, 9, 7), (options.Runs, options.PeerRuns, options.Clients, options.Seed));
        Assert.Equal([Fault.Isolated, Fault.Node], options.Faults);
        Assert.Equal([PeerTempo.Default, PeerTempo.Lowest], options.Peers);
        Assert.Equal("/a/b.json", options.Output);
    }

    [Theory]
    [InlineData("--runs")]
    [InlineData("--runs", "-1")]
    [InlineData("--runs", "1001")]
    [InlineData("--clients", "0")]
    [InlineData("--peer", "repmgr")]
    [InlineData("--peer", "patroni", "--peer-settings", "fast")]
    [InlineData("--faults", "node,flood")]
    [InlineData("--faults", "")]
    [InlineData("--fault", "node")]
    public void What_is_not_understood_is_refused_as_a_mistake_in_the_call(params string[] arguments) =>
        Assert.Equal(2, Assert.Throws<UserException>(() => BenchOptions.Parse(arguments)).ExitCode);

    [Fact]
    public void Every_fault_has_a_name_that_leads_back_to_it() =>
        Assert.Equal(FaultNames.All, FaultNames.All.Select(f => FaultNames.Find(FaultNames.Of(f))!.Value));
}
