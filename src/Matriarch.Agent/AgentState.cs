using System.Globalization;
using Matriarch.Client;
using Matriarch.Consensus;
using Matriarch.Core;
using Matriarch.Topology;

namespace Matriarch.Agent;

/// <summary>
/// What this agent knows, as the documents that others see: its own facts, its record in the store, the status of the
/// whole instance. Computed anew from the latest snapshots each time; holds no state of its own.
/// </summary>
internal sealed class AgentState(
    AgentSettings settings, Incarnation incarnation, PeerDirectory peers, Func<LoopSnapshot> loop,
    Func<DriverReport> driver, Func<PauseState> pause, Func<SlotFacts?> slots, Func<bool>? carries = null,
    Func<Probe>? draw = null)
{
    /// <summary>A node that has been silent for this long is shown as unreachable.</summary>
    public static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(3);

    private readonly NodeId _self = new(settings.Node.Name);

    /// <summary>This node's facts, as they travel with each heartbeat.</summary>
    public NodeFacts Facts() => Facts(loop(), driver());

    /// <summary>The same for the heartbeat to one node.</summary>
    public NodeFacts FactsFor(NodeId receiver)
    {
        // In this order: the look may be newer than the step, but then its echo is held back.
        var decided = loop();
        var report = driver();
        return Facts(decided, report) with { Probe = draw?.Invoke(), Echo = EchoFor(receiver, decided, report) };
    }

    /// <summary>
    /// Only of a look that began before a step of consensus in which this node still served: a leader that has lost its
    /// lease meanwhile may lack what another acknowledges by now.
    /// </summary>
    private static Probe? EchoFor(NodeId receiver, LoopSnapshot decided, DriverReport report) =>
        decided is { IsServing: true, SteppedAt: { } steppedAt } && report.Look is { } look
            && look.BeganAt <= steppedAt && report.Snapshot is { IsInRecovery: false } seen
            && seen.Timeline == decided.Known.Term.ToTimeline() && look.Heard.TryGetValue(receiver, out var probe)
            ? probe
            : null;

    private NodeFacts Facts(LoopSnapshot decided, DriverReport report)
    {
        var state = StateOf(decided, report);
        var role = decided.IsServing ? NodeRole.Primary
            : decided.Posture is Posture.Following
                && report.Status.Condition != PostgresCondition.Absent ? NodeRole.Replica
            : NodeRole.Unknown;
        var lsn = report.Snapshot is { } snapshot
            ? snapshot.IsInRecovery ? snapshot.ReplayLsn : snapshot.FlushLsn
            : report.Status.Position.Lsn;
        return new NodeFacts(
            settings.Node.EffectiveCell(), settings.Postgres.Host, settings.Postgres.Port, settings.Api.Listen,
            settings.Heartbeat.Listen, Environment.ProcessId, report.PostmasterPid, role, state, lsn.Value,
            report.Status.Position.Timeline.Value, report.Snapshot?.Uptime.TotalSeconds,
            report.Status.Condition != PostgresCondition.Absent, settings.Node.Observer, [.. settings.Node.Tags],
            report.Reason, pause() is { Version: > 0 } known ? known : null, NodeStep.Of(decided, report), slots(),
            carries?.Invoke() ?? false);
    }

    /// <summary>This node's record in the topology store.</summary>
    public NodeRecord Record()
    {
        var facts = Facts();
        return new NodeRecord(
            _self, facts.Cell, facts.Host, facts.Port, facts.Api, facts.Heartbeat, incarnation, facts.Observer,
            facts.Tags,
            facts.Role, facts.State, LagBytes(facts), facts.HasData);
    }

    /// <summary>The other nodes, as their records in a store should be, by name.</summary>
    public IReadOnlyList<KnownNode> Others()
    {
        var primaryLsn = PrimaryLsn(Facts());
        return [.. peers.Entries.Select(p => OtherOf(p.Key, p.Value, IsHeard(p.Value), primaryLsn))];
    }

    private static KnownNode OtherOf(NodeId node, PeerEntry entry, bool isHeard, ulong? primaryLsn)
    {
        var facts = entry.Facts;
        return new KnownNode(
            new NodeRecord(
                node, facts.Cell, facts.Host, facts.Port, facts.Api, facts.Heartbeat, entry.Incarnation,
                facts.Observer, facts.Tags.IsDefault ? [] : facts.Tags, isHeard ? facts.Role : NodeRole.Unknown,
                isHeard ? facts.State : NodeState.Unreachable, isHeard ? LagOf(facts, primaryLsn) : null,
                facts.HasData),
            isHeard, facts.Carries);
    }

    /// <summary>
    /// Another node that serves, in which term; null when none is seen to. A serving primary is on the timeline whose
    /// id is its term.
    /// </summary>
    public (Term Term, NodeId Primary)? Sighted(LoopSnapshot decided) =>
        Primary() is { } primary && primary != _self && TimelineOf(primary) is { } timeline
            && timeline.ToTerm() >= decided.Known.Term
            ? (timeline.ToTerm(), primary)
            : null;

    /// <summary>
    /// WAL of the primary, by its own latest word, that this node has not replayed; null when either is not known.
    /// </summary>
    public long? LagBytes(NodeFacts own) => LagOf(own, PrimaryLsn(own));

    /// <summary>The node that serves now, by its own word; null while there is none.</summary>
    public NodeId? Primary()
    {
        if (loop().IsServing)
        {
            return _self;
        }

        var serving = peers.Entries.Where(p => p.Value.Facts.Role == NodeRole.Primary && IsHeard(p.Value)).ToList();
        return serving.Count == 0 ? null : serving.MaxBy(p => p.Value.Facts.Timeline).Key;
    }

    /// <summary>The timeline that a node said it is on; null when the node is not known.</summary>
    public Timeline? TimelineOf(NodeId node) =>
        node == _self ? new Timeline(Facts().Timeline)
        : peers.Find(node) is { } entry ? new Timeline(entry.Facts.Timeline)
        : null;

    /// <summary>Every node as gateways need to know it, by name.</summary>
    public IReadOnlyList<LeadershipNode> Nodes()
    {
        var own = Facts();
        var primaryLsn = PrimaryLsn(own);
        return
        [
            .. peers.Entries.Select(p => NodeOf(p.Key, p.Value.Facts, IsHeard(p.Value), primaryLsn))
                .Append(NodeOf(_self, own, isHeard: true, primaryLsn))
                .OrderBy(n => n.Name, StringComparer.Ordinal),
        ];
    }

    private static LeadershipNode NodeOf(NodeId node, NodeFacts facts, bool isHeard, ulong? primaryLsn) => new(
        node.Value, facts.Cell, isHeard ? facts.Role : NodeRole.Unknown, isHeard ? facts.State : NodeState.Unreachable,
        facts.Host, facts.Port, facts.Api, isHeard ? LagOf(facts, primaryLsn) : null,
        facts.Tags.IsDefault ? [] : facts.Tags);

    /// <summary>The whole instance as this agent sees it.</summary>
    public StatusDocument Status()
    {
        var own = Facts();
        var decided = loop();
        var primary = Primary();
        var primaryLsn = PrimaryLsn(own);
        var nodes = peers.Entries
            .Select(p => StatusOf(p.Key, p.Value.Facts, IsHeard(p.Value), primaryLsn))
            .Append(StatusOf(_self, own, true, primaryLsn))
            .OrderBy(n => n.Name, StringComparer.Ordinal)
            .ToList();
        long? timeline = primary is not { } p1 ? null
            : p1 == _self ? own.Timeline
            : peers.Find(p1)?.Facts.Timeline;
        var term = Term.Max(decided.Known.Term, decided.Rule?.Term ?? Term.None);
        return new StatusDocument(
        [
            new InstanceStatus(
                settings.Cluster.Instance, term.Value, timeline, primary?.Value, Durability(decided.Rule), nodes,
                decided.Rule?.Revision ?? 0, decided.Rule?.Voters.Select(v => v.Node.Value).ToList(),
                pause() is { IsPaused: true } paused ? paused.Reason : null),
        ]);
    }

    private static string Durability(Rule? rule) => rule is null
        ? "not known yet"
        : string.Create(
            CultureInfo.InvariantCulture, $"{rule.Policy} ({rule.RequiredCopies} of {rule.Voters.Length})");

    private static NodeStatus StatusOf(NodeId node, NodeFacts facts, bool isHeard, ulong? primaryLsn) => new(
        node.Value, facts.Cell, isHeard ? facts.Role : NodeRole.Unknown, isHeard ? facts.State : NodeState.Unreachable,
        facts.Host, facts.Port, isHeard ? facts.PostmasterPid : null, isHeard ? facts.AgentPid : null,
        isHeard && facts.Lsn > 0 ? new Lsn(facts.Lsn).ToString() : null, isHeard ? LagOf(facts, primaryLsn) : null,
        isHeard ? facts.UptimeSeconds : null, isHeard ? facts.Reason : "its agent has not been heard");

    /// <summary>Whether what it said last is recent enough to count.</summary>
    public bool IsHeard(PeerEntry entry) => peers.Silence(entry) is { } silence && silence < SilenceLimit;

    private ulong? PrimaryLsn(NodeFacts own)
    {
        if (own.Role == NodeRole.Primary)
        {
            return own.Lsn;
        }

        return Primary() is { } primary ? peers.Find(primary)?.Facts.Lsn : null;
    }

    private static long? LagOf(NodeFacts facts, ulong? primaryLsn) => facts switch
    {
        { Role: NodeRole.Primary } => 0,
        { Lsn: > 0 } when primaryLsn is { } ahead => new Lsn(ahead).BytesAfter(new Lsn(facts.Lsn)),
        _ => null,
    };

    private static NodeState StateOf(LoopSnapshot decided, DriverReport report) => decided.Phase switch
    {
        LeadershipPhase.Serving or LeadershipPhase.Draining => NodeState.Serving,
        LeadershipPhase.Promoting or LeadershipPhase.Open => NodeState.Promoting,
        _ => StateOfStandby(decided, report),
    };

    private static NodeState StateOfStandby(LoopSnapshot decided, DriverReport report) => report switch
    {
        { Activity: DriverActivity.Initializing or DriverActivity.Copying } => NodeState.Copying,
        { Activity: DriverActivity.Rewinding } => NodeState.Joining,
        { Activity: DriverActivity.Starting } => NodeState.Starting,
        { Activity: DriverActivity.Stopping } => NodeState.Stopped,
        { Status.Condition: PostgresCondition.Absent } => NodeState.Empty,
        { Status.Condition: PostgresCondition.Stopped } => NodeState.Stopped,
        { Status.Condition: PostgresCondition.Failed } => NodeState.Failed,
        { Status.Condition: PostgresCondition.Busy } => NodeState.Starting,
        { Status.IsStreaming: true } => NodeState.Streaming,
        _ when decided.Posture is Posture.Following => NodeState.Joining,
        _ => NodeState.Detached,
    };
}
