namespace Matriarch.Bench.Failover;

/// <summary>Faults as they are written in options and results.</summary>
internal static class FaultNames
{
    /// <summary>All, in the order in which they are measured.</summary>
    public static readonly IReadOnlyList<Fault> All = Enum.GetValues<Fault>();

    public static string Of(Fault fault) => fault switch
    {
        Fault.Node => "node",
        Fault.Postgres => "postgres",
        Fault.Switchover => "switchover",
        Fault.Isolated => "isolated",
        _ => throw new ArgumentOutOfRangeException(nameof(fault)),
    };

    /// <summary>Null when there is no such fault.</summary>
    public static Fault? Find(string name) => All.Where(f => Of(f) == name).Select(f => (Fault?)f).FirstOrDefault();
}
