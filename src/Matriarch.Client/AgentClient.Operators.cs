using System.Net.Http.Json;

namespace Matriarch.Client;

/// <summary>What operators ask for beside a switchover.</summary>
public sealed partial class AgentClient
{
    /// <summary>How long a change of members or policy may take: the agent bounds its own work below this.</summary>
    public static readonly TimeSpan ChangeTimeout = TimeSpan.FromSeconds(45);

    /// <summary>Changes how many copies a commit needs. Answers when it is in force.</summary>
    public Task<AgentAnswer<DurabilityOutcome>> SetDurabilityAsync(
        string instance, string policy, CancellationToken cancellation) =>
        SendAsync(
            HttpMethod.Put,
            ApiRoutes.Of(ApiRoutes.Durability, instance),
            JsonContent.Create(new DurabilityRequest(policy), ApiJson.Default.DurabilityRequest),
            ChangeTimeout,
            ApiJson.Default.DurabilityOutcome,
            cancellation);

    /// <summary>Strikes a node that is gone off the instance. Answers when it is done.</summary>
    public Task<AgentAnswer<RemovalOutcome>> RemoveNodeAsync(
        string instance, string node, CancellationToken cancellation) =>
        SendAsync(
            HttpMethod.Delete, ApiRoutes.NodeOf(instance, node), null, ChangeTimeout, ApiJson.Default.RemovalOutcome,
            cancellation);

    /// <summary>
    /// This agent's node goes on alone, without the majority that is gone for good: what only that held is lost.
    /// </summary>
    public Task<AgentAnswer<SwitchoverOutcome>> RecoverAsync(string instance, CancellationToken cancellation) =>
        SendAsync(
            HttpMethod.Post,
            ApiRoutes.Of(ApiRoutes.Recovery, instance),
            JsonContent.Create(new RecoveryRequest(true), ApiJson.Default.RecoveryRequest),
            ChangeTimeout,
            ApiJson.Default.SwitchoverOutcome,
            cancellation);

    /// <summary>Pauses the instance, or resumes it. Answers when this agent knows; it tells the others.</summary>
    public Task<AgentAnswer<PauseOutcome>> PauseAsync(
        string instance, bool isPaused, string reason, CancellationToken cancellation) =>
        SendAsync(
            HttpMethod.Put,
            ApiRoutes.Of(ApiRoutes.Pause, instance),
            JsonContent.Create(new PauseRequest(isPaused, reason), ApiJson.Default.PauseRequest),
            QuestionTimeout,
            ApiJson.Default.PauseOutcome,
            cancellation);
}
