using Matriarch.Consensus;
using Matriarch.Core;

namespace Matriarch.Agent;

/// <summary>What a node is in the middle of: the words that travel with its heartbeats.</summary>
internal static class NodeStep
{
    public const string Detecting = "detecting";
    public const string Recruiting = "recruiting";
    public const string Fetching = "fetching";
    public const string Promoting = "promoting";
    public const string CommittingRule = "committing-rule";
    public const string WaitingForLease = "waiting-for-lease";
    public const string HandingOver = "handing-over";
    public const string Rewinding = "rewinding";
    public const string Copying = "copying";
    public const string Initializing = "initializing";

    /// <summary>The steps of a failover, in their order.</summary>
    public static readonly IReadOnlyList<string> OfFailover =
        [Detecting, Recruiting, Fetching, Promoting, CommittingRule, WaitingForLease];

    /// <summary>The step that this node is in; null when it is in the middle of nothing.</summary>
    public static string? Of(LoopSnapshot decided, DriverReport report) => decided switch
    {
        { Phase: LeadershipPhase.Promoting } => Promoting,
        { Phase: LeadershipPhase.Open, IsChanging: true } => CommittingRule,
        { Phase: LeadershipPhase.Open } => WaitingForLease,
        { Phase: LeadershipPhase.HandingOver } => HandingOver,
        { Phase: LeadershipPhase.Serving } => null,
        { Posture: Posture.Fetching } => Fetching,
        _ when report.Activity == DriverActivity.Rewinding => Rewinding,
        _ when report.Activity == DriverActivity.Copying => Copying,
        _ when report.Activity == DriverActivity.Initializing => Initializing,
        { Promise: { Kind: PromiseKind.Recruited } promise } when promise.Term > (decided.Rule?.Term ?? Term.None) =>
            Recruiting,
        { Verdict: LeaderVerdict.Failed } => Detecting,
        _ => null,
    };
}
