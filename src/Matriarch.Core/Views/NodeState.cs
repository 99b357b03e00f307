namespace Matriarch.Core;

/// <summary>What a node's PostgreSQL is doing, as shown to people. Lower-case in JSON.</summary>
public enum NodeState
{
    /// <summary>No agent answers for it.</summary>
    Unreachable,

    /// <summary>There is no data directory yet.</summary>
    Empty,

    /// <summary>A first data directory is being made, or a copy of another node's.</summary>
    Copying,

    /// <summary>PostgreSQL is not running.</summary>
    Stopped,

    /// <summary>PostgreSQL is starting, or replaying after a crash.</summary>
    Starting,

    /// <summary>It follows nobody: it was recruited into a term that has no leader yet, or has just started.</summary>
    Detached,

    /// <summary>A standby that is connecting to its leader, or being rewound to it.</summary>
    Joining,

    /// <summary>A standby that streams from the current leader.</summary>
    Streaming,

    /// <summary>Promoted, but not serving yet: its rule is not committed, or a lease has still to run out.</summary>
    Promoting,

    /// <summary>The primary, serving.</summary>
    Serving,

    /// <summary>
    /// PostgreSQL does not start, or the node cannot be repaired without a person; the reason is in the events.
    /// </summary>
    Failed,
}
