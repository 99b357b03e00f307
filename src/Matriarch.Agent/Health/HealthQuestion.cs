namespace Matriarch.Agent;

/// <summary>What a load balancer or an orchestrator may ask of one node.</summary>
internal enum HealthQuestion
{
    /// <summary>Does it serve writes?</summary>
    Primary,

    /// <summary>Is it a standby that streams?</summary>
    Replica,

    /// <summary>May it be read: the primary, or a standby that streams?</summary>
    ReadOnly,

    /// <summary>Is it a standby that streams and whose acknowledgement commits wait for?</summary>
    Synchronous,

    /// <summary>Is it a standby that streams and that no commit waits for?</summary>
    Asynchronous,

    /// <summary>Does PostgreSQL run and answer?</summary>
    PostgresIsUp,

    /// <summary>Does the agent work, whatever its PostgreSQL does?</summary>
    Liveness,

    /// <summary>May it count as ready: serving, or streaming?</summary>
    Readiness,
}
