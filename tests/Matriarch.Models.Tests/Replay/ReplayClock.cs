using Matriarch.Consensus;

namespace Matriarch.Models.Tests;

/// <summary>
/// The time of a replay. A tick of the model is so long that all that happens within one takes no time beside it, and a
/// lease is one and a half: it holds in the tick in which its heartbeat was sent and in the next. Failures are detected
/// in the small time between two steps, so that after each nobody has been heard lately.
/// </summary>
internal sealed class ReplayClock
{
    private static readonly TimeSpan TickLength = TimeSpan.FromHours(10);
    private static readonly TimeSpan Never = TimeSpan.FromDays(100_000);

    public static readonly ConsensusOptions Options = new()
    {
        HeartbeatInterval = TimeSpan.FromMilliseconds(20),
        FailureTimeout = TimeSpan.FromMilliseconds(60),
        RankDelay = TimeSpan.FromMilliseconds(10),
        LeaseDuration = 1.5 * TickLength,
        RecruitTimeout = Never,
        LeadTimeout = Never,
        StuckPromiseTimeout = Never,
        UnresponsiveTimeout = Never,
        MaxJoinLagBytes = long.MaxValue,
    };

    public TimeSpan Now { get; private set; }

    /// <summary>To the beginning of this tick.</summary>
    public void GoTo(int tick) => Now = tick * TickLength;

    /// <summary>All heartbeats are old, and each node may send the next one.</summary>
    public void LetAllFallSilent() =>
        Now += (2 * Options.FailureTimeout) + Options.RankDelay + Options.HeartbeatInterval;

    /// <summary>Even the worst-placed candidate has its turn, while it still has heard the others lately.</summary>
    public void LetRanksPass() => Now += 4.5 * Options.RankDelay;

    /// <summary>A coordinator waits no longer for those of which it expects an answer.</summary>
    public void LetPatienceEnd() => Now += Options.HeartbeatInterval;
}
