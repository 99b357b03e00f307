namespace Matriarch.Bench.Failover;

/// <summary>What Matriarch is meant to reach.</summary>
/// <param name="Median">Of the write outages.</param>
/// <param name="Worst">The 0.99 quantile.</param>
/// <param name="ClientsWithErrors">Of all runs.</param>
internal sealed record Target(TimeSpan Median, TimeSpan Worst, int? ClientsWithErrors = null)
{
    /// <summary>Null where none is set.</summary>
    public static Target? Of(Fault fault) => fault switch
    {
        Fault.Node => new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4)),
        Fault.Postgres => new(TimeSpan.FromSeconds(0.8), TimeSpan.FromSeconds(2)),
        Fault.Switchover => new(TimeSpan.FromSeconds(0.3), TimeSpan.FromSeconds(1), 0),
        _ => null,
    };
}
