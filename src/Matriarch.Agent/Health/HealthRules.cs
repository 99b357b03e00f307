using System.Globalization;
using Matriarch.Core;

namespace Matriarch.Agent;

/// <summary>
/// Answers health questions; pure. Whoever routes writes by the answers must not be sent to a leader of the past:
/// a step of consensus proves a lease that ends at most one lease duration later, so a role counts only while the
/// latest step is younger than that. A thread that hangs makes the node answer no by itself.
/// </summary>
internal static class HealthRules
{
    /// <summary>
    /// An orchestrator restarts an agent that fails this, so it bears long stalls: steps are 100 ms apart or less when
    /// all is well.
    /// </summary>
    public static readonly TimeSpan LivenessLimit = TimeSpan.FromSeconds(10);

    /// <summary>Answers one question.</summary>
    /// <param name="question">What is asked.</param>
    /// <param name="health">What is known now.</param>
    /// <param name="mostLagBytes">A standby that lacks more than this does not count; null for any lag.</param>
    public static HealthVerdict Judge(HealthQuestion question, NodeHealth health, long? mostLagBytes = null) =>
        question switch
        {
            HealthQuestion.Liveness => IsAlive(health),
            HealthQuestion.PostgresIsUp => health.IsPostgresUp ? HealthVerdict.Yes
                : HealthVerdict.No("PostgreSQL does not run or does not answer"),
            _ when !IsCurrent(health) => HealthVerdict.No(
                "consensus has made no step within the lease duration, so what it said of the role may be over"),
            HealthQuestion.Primary => IsPrimary(health),
            HealthQuestion.ReadOnly or HealthQuestion.Readiness =>
                health.Role == NodeRole.Primary ? IsPrimary(health) : IsReplica(health, mostLagBytes),
            HealthQuestion.Replica => IsReplica(health, mostLagBytes),
            HealthQuestion.Synchronous => IsReplica(health, mostLagBytes) is { Holds: false } no ? no
                : health.IsSynchronous ? HealthVerdict.Yes : HealthVerdict.No("no commit waits for this replica"),
            HealthQuestion.Asynchronous => IsReplica(health, mostLagBytes) is { Holds: false } no ? no
                : health.IsSynchronous ? HealthVerdict.No("commits wait for this replica") : HealthVerdict.Yes,
            _ => throw new InvariantException($"unknown question {question}"),
        };

    /// <summary>Whether the role is still backed by a step that is young enough.</summary>
    public static bool IsCurrent(NodeHealth health) =>
        health.SinceStep is { } since && since < health.LeaseDuration;

    private static HealthVerdict IsAlive(NodeHealth health) => health.SinceStep switch
    {
        null => HealthVerdict.No("consensus has not made its first step yet"),
        { } since when since >= LivenessLimit => HealthVerdict.No(string.Create(
            CultureInfo.InvariantCulture, $"consensus has made no step for {since.TotalSeconds:F0} s")),
        _ => HealthVerdict.Yes,
    };

    private static HealthVerdict IsPrimary(NodeHealth health) => health switch
    {
        { State: NodeState.Serving, IsPostgresUp: false } => HealthVerdict.No("it leads, but its PostgreSQL is not up"),
        { State: NodeState.Serving, Role: NodeRole.Primary } => HealthVerdict.Yes,
        { State: NodeState.Promoting } => HealthVerdict.No("it leads, but does not serve yet"),
        { Role: NodeRole.Replica } => HealthVerdict.No("it is a replica"),
        _ => HealthVerdict.No($"it is {Word(health.State)}"),
    };

    private static HealthVerdict IsReplica(NodeHealth health, long? mostLagBytes) => health switch
    {
        { Role: NodeRole.Primary } => HealthVerdict.No("it is the primary"),
        { Role: not NodeRole.Replica } or { State: not NodeState.Streaming } =>
            HealthVerdict.No($"it does not stream: it is {Word(health.State)}"),
        _ when mostLagBytes is null => HealthVerdict.Yes,
        { LagBytes: null } => HealthVerdict.No("how far it is behind is not known: no primary is heard"),
        { LagBytes: { } lag } when lag > mostLagBytes => HealthVerdict.No(string.Create(
            CultureInfo.InvariantCulture, $"it is {lag} bytes behind the primary, {mostLagBytes} are allowed")),
        _ => HealthVerdict.Yes,
    };

    /// <summary>The state as the JSON documents write it.</summary>
    private static string Word(NodeState state) => state.ToString().ToLowerInvariant();
}
