namespace Matriarch.Simulation;

/// <summary>Ways to break the protocol on purpose, outside of the product, to prove that the checks can fail.</summary>
internal enum Sabotage
{
    None,

    /// <summary>The driver says that it is detached while its WAL receiver goes on acknowledging.</summary>
    RecruitsWithoutDetaching,

    /// <summary>synchronous_standby_names is said to be in effect and is not.</summary>
    CommitsWaitForNobody,

    /// <summary>Promises are said to be on disk and are not.</summary>
    PromisesAreForgotten,

    /// <summary>The gate stays open when the lease has ended.</summary>
    GateIgnoresTheLease,

    /// <summary>A promotion takes the next free timeline, as stock PostgreSQL does, not the term.</summary>
    TimelinesAreCounted,

    /// <summary>A rewound node counts at once.</summary>
    RewoundNodesCount,

    /// <summary>A node whose disk was lost comes back in the same life.</summary>
    AmnesiacsKeepTheirLife,

    /// <summary>The warning of a cancelled commit is taken for success.</summary>
    WarningsAreSuccess,
}
