namespace Matriarch.Simulation;

/// <summary>What kind of thing is due in the simulated world.</summary>
internal enum Occasion
{
    Tick,
    Arrive,
    Persisted,
    Look,
    Tell,
    Drive,
    Acted,
    Connect,
    WalArrives,
    Flushed,
    AckArrives,
    Replayed,
    SyncApplied,
    RuleDue,
    RuleSeenWaiting,
    ClientActs,
    ClientArrives,
    ClientHears,
    ClientGivesUp,
    Fault,
    DrainingLeaderDies,
    Revive,
    Mend,
    Resume,
    Heal,
}
