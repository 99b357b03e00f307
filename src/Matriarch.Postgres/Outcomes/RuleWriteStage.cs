namespace Matriarch.Postgres;

/// <summary>Where the commit of a rule is.</summary>
public enum RuleWriteStage
{
    /// <summary>Seen waiting for synchronous standbys: the quorum is being asked.</summary>
    Waiting,

    /// <summary>It returned without having been seen to wait: ask the followers for their positions before relying on
    /// it.</summary>
    NotSeenWaiting,
}
