using Matriarch.Consensus;
using Matriarch.Core;

namespace Matriarch.Agent;

/// <summary>What the consensus of this node had decided after its latest step.</summary>
internal sealed record LoopSnapshot(
    Rule? Rule, Leadership Known, Promise Promise, LeadershipPhase? Phase, Posture Posture, LeaderVerdict Verdict,
    bool IsQuiesced)
{
    /// <summary>Before the first step.</summary>
    public static readonly LoopSnapshot Nothing = new(
        null, default, Promise.None, null, new Posture.Idle(), LeaderVerdict.Inconclusive, false);

    /// <summary>Whether clients are served here.</summary>
    public bool IsServing => Phase == LeadershipPhase.Serving;
}
