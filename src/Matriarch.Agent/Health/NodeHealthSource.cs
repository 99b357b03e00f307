using System.Globalization;
using System.Reflection;
using Matriarch.Consensus;
using Matriarch.Core;

namespace Matriarch.Agent;

/// <summary>
/// How this node is, from the latest snapshots of consensus and driver: no SQL, no lock, nothing to wait for.
/// </summary>
internal sealed class NodeHealthSource(
    AgentSettings settings, Incarnation incarnation, AgentState state, Func<LoopSnapshot> loop,
    Func<DriverReport> driver, TimeProvider time)
{
    private static readonly string Version =
        typeof(NodeHealthSource).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion.Split('+')[0] ?? "0";

    private readonly NodeId _self = new(settings.Node.Name);
    private StartOfPostmaster? _start;

    /// <summary>What health questions are answered from.</summary>
    public NodeHealth Now()
    {
        var (decided, report, facts) = (loop(), driver(), state.Facts());
        var isSynchronous = decided.Rule is { Policy.IsAsynchronous: false } rule
            && rule.HasVoter(_self, incarnation);
        return new NodeHealth(
            facts.Role, facts.State, Term.Max(decided.Known.Term, decided.Rule?.Term ?? Term.None),
            report.Status.Condition == PostgresCondition.Running, isSynchronous, state.LagBytes(facts),
            decided.SteppedAt is { } at ? time.GetElapsedTime(at) : null, settings.Consensus.LeaseDuration);
    }

    /// <summary>The same in Patroni's words.</summary>
    public PatroniDocument AsPatroni()
    {
        var (health, report, decided) = (Now(), driver(), loop());
        var snapshot = report.Snapshot;
        var isPrimary = health.Role == NodeRole.Primary && HealthRules.IsCurrent(health);
        var xlog = snapshot switch
        {
            null => null,
            { IsInRecovery: true } => new PatroniDocument.Positions(
                null, (snapshot.ReceiveLsn ?? snapshot.FlushLsn).Value, snapshot.ReplayLsn.Value),
            _ => new PatroniDocument.Positions(snapshot.FlushLsn.Value, null, null),
        };
        return new PatroniDocument(
            StateOf(health), isPrimary ? "primary" : "replica", StartTime(report), snapshot?.Version, xlog,
            snapshot is null ? null : report.Status.Position.Timeline.Value,
            HealthRules.Judge(HealthQuestion.Replica, health).Holds ? "streaming" : null,
            snapshot?.System.ToString(), decided.IsQuiesced ? true : null,
            new PatroniDocument.Identity(Version, settings.Cluster.Instance, _self.Value));
    }

    private static string StateOf(NodeHealth health) => health switch
    {
        { IsPostgresUp: true } => "running",
        { State: NodeState.Copying } => "creating replica",
        { State: NodeState.Failed } => "start failed",
        { State: NodeState.Empty or NodeState.Stopped } => "stopped",
        _ => "starting",
    };

    /// <summary>
    /// Reckoned once per postmaster from its uptime, so that it does not waver with the age of the latest look.
    /// </summary>
    private string? StartTime(DriverReport report)
    {
        if (report is not { PostmasterPid: { } pid, Snapshot: { } snapshot })
        {
            return null;
        }

        var known = Volatile.Read(ref _start);
        if (known?.Pid != pid)
        {
            known = new StartOfPostmaster(pid, time.GetUtcNow() - snapshot.Uptime);
            Volatile.Write(ref _start, known);
        }

        return known.At.ToString("yyyy-MM-dd HH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture);
    }

    private sealed record StartOfPostmaster(int Pid, DateTimeOffset At);
}
