namespace Matriarch.Simulation;

/// <summary>The kinds of harm that a seed may do.</summary>
internal enum Faults
{
    NodeCrash,
    PostgresCrash,
    AgentCrash,
    AgentFreeze,
    DiskLoss,
    PromiseLoss,
    Partition,
    OneWayCut,
    Flapping,
    AllDown,
    Switchover,
    CommitCancelled,
    LeaderCrash,
    LeaderFreeze,
    LeaderCut,
    LeaderAgentBlink,
    ManualPromotion,
    Quiesce,
    PostgresHang,
    SlowDisk,
}
