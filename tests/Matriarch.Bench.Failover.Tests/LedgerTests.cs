namespace Matriarch.Bench.Failover.Tests;

public sealed class LedgerTests
{
    private static readonly ServerLife Old = new("10.77.0.1", 1);
    private static readonly ServerLife New = new("10.77.0.2", 2);

    private readonly Ledger _ledger = new();

    [Fact]
    public void The_longest_gap_is_between_acknowledgements_of_any_two_clients()
    {
        Add(0, 1, 100, Old);
        Add(1, 1, 150, Old);
        Add(1, 2, 950, New);
        Add(0, 2, 1000, New);

        Assert.Equal(new Gap(Ms(150), Ms(950)), _ledger.LongestGap(Ms(200), Ms(1000)));
    }

    [Fact]
    public void A_gap_counts_that_began_before_the_span_or_ends_after_it()
    {
        Add(0, 1, 100, Old);
        Add(0, 2, 500, Old);
        Add(0, 3, 510, Old);
        Add(0, 4, 1500, Old);

        Assert.Equal(new Gap(Ms(100), Ms(500)), _ledger.LongestGap(Ms(400), Ms(505)));
        Assert.Equal(new Gap(Ms(510), Ms(1500)), _ledger.LongestGap(Ms(400), Ms(520)));
    }

    [Fact]
    public void A_gap_outside_of_the_span_does_not_count()
    {
        Add(0, 1, 0, Old);
        Add(0, 2, 5000, Old);
        Add(0, 3, 5010, Old);
        Add(0, 4, 5020, Old);
        Add(0, 5, 9000, Old);

        Assert.Equal(Ms(10), _ledger.LongestGap(Ms(5005), Ms(5015))?.Length);
    }

    [Fact]
    public void Writes_that_did_not_come_back_are_no_gap()
    {
        Add(0, 1, 100, Old);

        Assert.Null(_ledger.LongestGap(Ms(200), Ms(90_000)));
    }

    [Fact]
    public void Acknowledgements_that_clients_report_out_of_order_make_no_gap()
    {
        Add(0, 1, 300, Old);
        Add(1, 1, 200, Old);
        Add(0, 2, 400, Old);

        Assert.Equal(Ms(100), _ledger.LongestGap(TimeSpan.Zero, Ms(400))?.Length);
    }

    [Fact]
    public void An_acknowledged_write_that_is_not_read_back_is_missing_and_an_unacknowledged_one_is_no_matter()
    {
        Add(0, 1, 1, Old);
        Add(0, 2, 2, Old);
        Add(1, 2, 3, Old);

        var missing = _ledger.Missing(new HashSet<(int, long)> { (0, 1), (0, 2), (0, 3), (1, 1) });

        Assert.Equal((1, 2L), Assert.Single(missing) is var m ? (m.Client, m.Number) : default);
    }

    [Fact]
    public void A_client_counts_when_enough_of_its_writes_are_by_a_server_that_counts()
    {
        Add(0, 1, 50, New);
        Add(0, 2, 100, Old);
        Add(0, 3, 200, New);
        Add(0, 4, 300, New);
        Add(1, 1, 200, New);

        Assert.Equal(1, _ledger.ClientsWith(2, Ms(100), s => s != Old));
        Assert.Equal(2, _ledger.ClientsWith(1, Ms(100), s => s != Old));
        Assert.Equal(0, _ledger.ClientsWith(3, Ms(100), s => s != Old));
    }

    [Fact]
    public void Errors_before_the_fault_are_not_the_faults()
    {
        _ledger.Add(new ClientError(0, Ms(10), true, "57P03"));
        _ledger.Add(new ClientError(1, Ms(20), false, "57P01"));

        Assert.Equal("57P01", Assert.Single(_ledger.ErrorsFrom(Ms(20))).Code);
    }

    private void Add(int client, long number, int at, ServerLife server) =>
        _ledger.Add(new Acknowledgement(client, number, Ms(at), server));

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
