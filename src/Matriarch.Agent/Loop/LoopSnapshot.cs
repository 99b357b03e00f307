using Matriarch.Consensus;
using Matriarch.Core;

namespace Matriarch.Agent;

/// <summary>What the consensus of this node had decided after its latest step.</summary>
/// <param name="Rule">The newest rule that it knows.</param>
/// <param name="Known">The newest leadership that it knows.</param>
/// <param name="Promise">What it has promised.</param>
/// <param name="Phase">Of its own leadership; null when it does not lead.</param>
/// <param name="Posture">What it wants of PostgreSQL.</param>
/// <param name="Verdict">What it makes of the leader.</param>
/// <param name="IsQuiesced">Whether elections are held off.</param>
/// <param name="SteppedAt">
/// Monotonic time stamp taken before the step, so that it never claims to be newer than it is; null before the first.
/// </param>
/// <param name="IsChanging">It leads, and a rule row of it is on its way to its quorum.</param>
internal sealed record LoopSnapshot(
    Rule? Rule, Leadership Known, Promise Promise, LeadershipPhase? Phase, Posture Posture, LeaderVerdict Verdict,
    bool IsQuiesced, long? SteppedAt, bool IsChanging = false)
{
    /// <summary>Before the first step.</summary>
    public static readonly LoopSnapshot Nothing = new(
        null, default, Promise.None, null, new Posture.Idle(), LeaderVerdict.Inconclusive, false, null);

    /// <summary>Whether clients are served here.</summary>
    public bool IsServing => Phase == LeadershipPhase.Serving;
}
