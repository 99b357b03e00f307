namespace Matriarch.Consensus;

/// <summary>The steps of one leadership, in order.</summary>
public enum LeadershipPhase
{
    /// <summary>
    /// Appointed; PostgreSQL is being promoted and the rule row not yet waiting for its quorum. Nobody follows.
    /// </summary>
    Promoting,

    /// <summary>The rule row waits for the quorum: followers may attach. No client is served.</summary>
    Open,

    /// <summary>Clients are served.</summary>
    Serving,

    /// <summary>A switchover is announced: clients are served on, until no transaction runs or time is up.</summary>
    Draining,

    /// <summary>A switchover: no longer serving, PostgreSQL is being stopped cleanly.</summary>
    HandingOver,
}
