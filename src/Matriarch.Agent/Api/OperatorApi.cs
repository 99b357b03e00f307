using Matriarch.Client;
using Matriarch.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Matriarch.Agent;

/// <summary>The part of the HTTP API by which operators change an instance.</summary>
internal sealed class OperatorApi(string instance, OperatorRequests requests, PauseRegister pause)
{
    public void Map(WebApplication app)
    {
        app.MapPut(ApiRoutes.Durability, (Delegate)DurabilityAsync);
        app.MapPut(ApiRoutes.Pause, (Delegate)PauseAsync);
        app.MapDelete(ApiRoutes.Node, (Delegate)RemoveAsync);
        app.MapPost(ApiRoutes.Recovery, (Delegate)RecoverAsync);
    }

    /// <exception cref="UserException">The request is about another instance.</exception>
    internal static void Require(string instance, string asked)
    {
        if (asked != instance)
        {
            throw new UserException($"there is no instance {asked}", $"this cluster has the instance {instance}");
        }
    }

    private async Task<IResult> DurabilityAsync(HttpContext context, string name)
    {
        Require(instance, name);
        var request = await context.Request.ReadFromJsonAsync(
            ApiJson.Default.DurabilityRequest, context.RequestAborted);
        var outcome = await requests.SetDurabilityAsync(request?.Policy ?? "", context.RequestAborted);
        return Results.Json(outcome, ApiJson.Default.DurabilityOutcome);
    }

    private async Task<IResult> RemoveAsync(HttpContext context, string name, string node)
    {
        Require(instance, name);
        var outcome = await requests.RemoveAsync(new NodeId(node), context.RequestAborted);
        return Results.Json(outcome, ApiJson.Default.RemovalOutcome);
    }

    private async Task<IResult> RecoverAsync(HttpContext context, string name)
    {
        Require(instance, name);
        var request = await context.Request.ReadFromJsonAsync(ApiJson.Default.RecoveryRequest, context.RequestAborted);
        if (request?.AcceptDataLoss != true)
        {
            throw new UserException(
                "a recovery without a majority may lose acknowledged writes", "accept that with acceptDataLoss: true");
        }

        return Results.Json(await requests.RecoverAsync(context.RequestAborted), ApiJson.Default.SwitchoverOutcome);
    }

    private async Task<IResult> PauseAsync(HttpContext context, string name)
    {
        Require(instance, name);
        var request = await context.Request.ReadFromJsonAsync(ApiJson.Default.PauseRequest, context.RequestAborted)
            ?? throw new FormatException("the body must be {\"paused\":true,\"reason\":\"…\"}");
        var reason = request.Reason ?? "";
        if (reason.Length > PauseRegister.LongestReason || reason.Any(char.IsControl))
        {
            throw new FormatException(
                $"reason: must be one line of up to {PauseRegister.LongestReason} characters");
        }

        var state = pause.Ask(request.Paused, reason);
        return Results.Json(
            new PauseOutcome(state.IsPaused, state.Reason, state.By), ApiJson.Default.PauseOutcome);
    }
}
