namespace Matriarch.Consensus;

/// <summary>What the local PostgreSQL is doing, as far as consensus needs it.</summary>
public enum PostgresCondition
{
    /// <summary>There is no data directory.</summary>
    Absent,

    /// <summary>It does not run.</summary>
    Stopped,

    /// <summary>It is starting, stopping, being copied or rewound.</summary>
    Busy,

    /// <summary>It runs and answers queries.</summary>
    Running,

    /// <summary>It does not start and the driver knows no remedy.</summary>
    Failed,
}
