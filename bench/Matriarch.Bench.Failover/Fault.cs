namespace Matriarch.Bench.Failover;

/// <summary>What is done to the primary. In options and results the names are lower case.</summary>
internal enum Fault
{
    /// <summary>kill -9 of every process of its node: agent, PostgreSQL and their children.</summary>
    Node,

    /// <summary>kill -9 of the postmaster; the agent lives.</summary>
    Postgres,

    /// <summary>A planned change of the leader.</summary>
    Switchover,

    /// <summary>
    /// Its node cannot reach the other nodes or the store, and they cannot reach it; the proxy can, so that clients
    /// could go on with a primary that nobody follows.
    /// </summary>
    Isolated,
}
