namespace Matriarch.Consensus;

/// <summary>Why a voter does not join a recruitment.</summary>
public enum RefusalReason
{
    /// <summary>It has promised this or a higher term to somebody else.</summary>
    PromisedHigher,

    /// <summary>It hears a healthy leader.</summary>
    LeaderHealthy,

    /// <summary>The instance is being stopped, or paused by an operator.</summary>
    Quiesced,
}
