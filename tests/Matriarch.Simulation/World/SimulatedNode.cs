using Matriarch.Consensus;
using Matriarch.Core;

namespace Matriarch.Simulation;

/// <summary>
/// One machine: a promise file, a data directory, an agent process with its gate, and a clock that drifts.
/// </summary>
internal sealed class SimulatedNode(int index, NodeId id, double rate, long offset)
{
    public int Index { get; } = index;

    public NodeId Id { get; } = id;

    public NodeTraits Traits { get; init; } = NodeTraits.Default;

    public Incarnation Incarnation { get; set; }

    public Promise Durable { get; set; } = Promise.None;

    /// <summary>What the file ought to hold; differs only under sabotage.</summary>
    public Term Owed { get; set; }

    public ConsensusNode? Agent { get; set; }

    /// <summary>Grows with every start and end of the agent.</summary>
    public int AgentEpoch { get; set; }

    public bool IsFrozen { get; set; }

    public List<Due> Frozen { get; } = [];

    public Rule? Serving { get; set; }

    /// <summary>Grows whenever the gate closes.</summary>
    public int GateEpoch { get; set; }

    public SimulatedPostgres? Postgres { get; set; }

    public Posture Target { get; set; } = new Posture.Idle();

    public bool IsActing { get; set; }

    public Act Act { get; set; }

    public bool IsLooking { get; set; }

    /// <summary>When the last status is told: statuses keep their order.</summary>
    public long LastTold { get; set; }

    /// <summary>When the last promise reaches the disk: the file is replaced whole and in order.</summary>
    public long LastPersisted { get; set; }

    public Posture? LastReached { get; set; }

    /// <summary>Gateways can reach clients through it.</summary>
    public bool IsOpen => Serving is not null && Agent is not null && !IsFrozen;

    /// <summary>When the next tick is due, in true time; the largest number when none is.</summary>
    public long TickAt { get; set; } = long.MaxValue;

    /// <summary>Ticks with an older number have been replaced by an earlier one.</summary>
    public int TickNumber { get; set; }

    /// <summary>Until then its fsyncs take up to two seconds.</summary>
    public long SlowUntil { get; set; }

    public PostgresStatus? LastSeen { get; set; }

    public TimeSpan LocalTime(long now) => new(offset + (long)(now * rate));

    /// <summary>The first true time at which the local clock shows this time.</summary>
    public long TrueTime(TimeSpan local) =>
        local == TimeSpan.MaxValue ? long.MaxValue : (long)Math.Ceiling((local.Ticks - offset) / rate) + 1;
}

/// <summary>What a driver is in the middle of.</summary>
internal enum Act
{
    None,
    Start,
    Stop,
    Shutdown,
    Detach,
    Attach,
    Promote,
    Rewind,
    Copy,
}
