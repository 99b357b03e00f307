namespace Matriarch.Postgres;

/// <summary>What the agent does about logical replication slots.</summary>
public enum LogicalSlotMode
{
    /// <summary>They survive a change of the primary.</summary>
    Failover,

    /// <summary>They are left alone: a new primary has none of them.</summary>
    Ignore,
}
