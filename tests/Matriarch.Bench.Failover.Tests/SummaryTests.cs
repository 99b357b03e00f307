namespace Matriarch.Bench.Failover.Tests;

public sealed class SummaryTests
{
    [Theory]
    [InlineData("matriarch", "node", 1900, true)]
    [InlineData("matriarch", "node", 2100, false)] // the median is above
    [InlineData("patroni", "node", 1900, null)]
    [InlineData("matriarch", "isolated", 1900, null)]
    public void Only_Matriarch_has_targets_and_only_where_one_is_set(
        string system, string fault, double outage, bool? expected) =>
        Assert.Equal(expected, Assert.Single(Summary.Of([Run(system, fault, outage)])).IsMet);

    [Fact]
    public void One_slow_run_of_three_misses_the_target_of_the_worst() =>
        Assert.False(Of(Run(outage: 100), Run(outage: 100), Run(outage: 4001)).IsMet);

    [Fact]
    public void A_lost_write_misses_every_target_and_is_counted()
    {
        var summary = Of(Run(outage: 100), Run(outage: 100) with { Lost = 2 });

        Assert.Equal(2, summary.Lost);
        Assert.False(summary.IsMet);
    }

    [Fact]
    public void What_could_not_be_read_back_is_unknown_and_not_nothing()
    {
        var summary = Of(Run(outage: 100), Run(outage: 100) with { Lost = null, Failure = "gone" });

        Assert.Null(summary.Lost);
        Assert.False(summary.IsMet);
        Assert.Contains("unknown", ResultTable.Write([summary]), StringComparison.Ordinal);
        Assert.Contains("2 (1 failed)", ResultTable.Write([summary]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_whose_writes_did_not_come_back_misses_the_target_though_it_has_no_outage()
    {
        var summary = Of(Run(outage: 100), Run(outage: null) with { Failure = "writes did not come back" });

        Assert.Equal(1, summary.Failed);
        Assert.False(summary.IsMet);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void A_switchover_meets_its_target_only_when_no_client_saw_an_error(int clients, bool expected) =>
        Assert.Equal(expected, Assert.Single(Summary.Of(
            [Run("matriarch", "switchover", 200) with { ClientsWithErrors = clients }])).IsMet);

    [Fact]
    public void Rows_are_in_the_order_of_the_faults_with_the_systems_as_they_ran()
    {
        var rows = Summary.Of(
        [
            Run("matriarch", "postgres", 1), Run("matriarch", "node", 1), Run("patroni", "postgres", 1),
            Run("patroni", "node", 1),
        ]);

        Assert.Equal(
            ["node matriarch", "node patroni", "postgres matriarch", "postgres patroni"],
            rows.Select(r => $"{r.Fault} {r.System}"));
    }

    [Fact]
    public void The_table_shows_seconds_a_ratio_to_the_peer_and_what_p99_is()
    {
        var table = ResultTable.Write(Summary.Of([Run("matriarch", "node", 1500), Run("patroni", "node", 21_000)]));

        Assert.Contains("1.500", table, StringComparison.Ordinal);
        Assert.Contains("14.0 times", table, StringComparison.Ordinal);
        Assert.Contains("p99 of 1 runs or fewer is the maximum", table, StringComparison.Ordinal);
    }

    private static Summary Of(params RunResult[] runs) => Assert.Single(Summary.Of(runs));

    private static RunResult Run(string system = "matriarch", string fault = "node", double? outage = 0) => new()
    {
        System = system, Fault = fault, Run = 1, At = DateTimeOffset.UnixEpoch, Primary = "a", Clients = 4,
        OutageMs = outage, Lost = 0,
    };
}
