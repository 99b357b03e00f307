using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Matriarch.Client;
using Matriarch.Consensus;
using Matriarch.Core;
using Matriarch.Topology;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Matriarch.Agent;

/// <summary>The agent's HTTP API: small JSON documents, one bearer token, errors as {"error","whatToDo"}.</summary>
internal sealed class AgentApi(
    AgentSettings settings, string token, AgentState state, FactBoard facts, HealthEndpoints health,
    InstanceDirectory directory, ConsensusLoop loop, SwitchoverRequests switchovers, OperatorApi operators,
    LeadershipApi leadership,
    Action<PostgresAtShutdown> shutDown, ILogger<AgentApi> logger)
{
    private const int MostEvents = 1000;

    /// <summary>Starts to listen.</summary>
    /// <exception cref="UserException">The address is in use or not ours.</exception>
    public async Task<WebApplication> StartAsync(CancellationToken cancellation)
    {
        // Nothing of ASP.NET's own configuration: it would watch the working directory with all that is below for
        // changes of appsettings.json, and a service's working directory is / (3 s of processor time at each start).
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = 64 * 1024;
            kestrel.AddServerHeader = false;
            Listen(kestrel, settings.Api.Listen, _ => { });
            if (HasHealthAddress)
            {
                Listen(kestrel, settings.Api.HealthListen, HealthEndpoints.MarkConnections);
            }
        });
        var app = builder.Build();
        app.Use(health.AnswerAsync);
        app.Use(GuardAsync);
        Map(app);
        try
        {
            await app.StartAsync(cancellation);
            return app;
        }
        catch (IOException e)
        {
            await app.DisposeAsync();
            throw new UserException(
                $"api.listen: cannot listen on {Addresses}: {e.Message}",
                "Stop the process that uses the port, or set another one here.", 1, e);
        }
    }

    private bool HasHealthAddress =>
        settings.Api.HealthListen.Length > 0 && settings.Api.HealthListen != settings.Api.Listen;

    private string Addresses =>
        HasHealthAddress ? $"{settings.Api.Listen} or api.health-listen: {settings.Api.HealthListen}"
        : settings.Api.Listen;

    private static void Listen(KestrelServerOptions kestrel, string at, Action<ListenOptions> configure)
    {
        var listen = ListenAddress.Parse(at);
        if (IPAddress.TryParse(listen.Host, out var address))
        {
            kestrel.Listen(address, listen.Port, configure);
        }
        else
        {
            kestrel.ListenAnyIP(listen.Port, configure);
        }
    }

    private void Map(WebApplication app)
    {
        app.MapGet(ApiRoutes.Status, () => Results.Json(
            facts.AddTo(state.Status()), ApiJson.Default.StatusDocument));
        app.MapGet(ApiRoutes.Local, () => Results.Json(
            new LocalStatus(settings.Node.Name, Environment.ProcessId, state.Facts().PostmasterPid),
            ApiJson.Default.LocalStatus));
        app.MapGet(ApiRoutes.Leadership, (Delegate)leadership.LeadershipAsync);
        app.MapGet(ApiRoutes.Staleness, leadership.Staleness);
        app.MapPost(ApiRoutes.ClientKey, (Delegate)leadership.ClientKeyAsync);
        app.MapGet(ApiRoutes.Events, (Delegate)EventsAsync);
        operators.Map(app);
        app.MapPost(ApiRoutes.Switchover, (Delegate)SwitchoverAsync);
        app.MapPost(ApiRoutes.Quiesce, () =>
        {
            loop.Post(new ConsensusEvent.QuiesceAsked(true));
            return Results.Ok();
        });
        app.MapPost(ApiRoutes.Shutdown, (Delegate)ShutdownAsync);
        app.MapFallback(context =>
            RefuseAsync(context, 404, $"there is no {context.Request.Path}", "see docs/reference/agent-api.md"));
    }

    /// <summary>The token, and errors that are no surprise, for every request.</summary>
    private async Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        if (!IsAuthorized(context.Request))
        {
            await RefuseAsync(context, 401, "the request has no valid API token",
                "send Authorization: Bearer with the cluster's api-token");
            return;
        }

        try
        {
            await next(context);
        }
        catch (StoreUnavailableException e)
        {
            await RefuseAsync(context, 503, $"the topology store cannot be used: {e.Message}",
                "try again when it is back");
        }
        catch (Exception e) when (e is FormatException
            or Microsoft.AspNetCore.Http.BadHttpRequestException or System.Text.Json.JsonException)
        {
            await RefuseAsync(context, 400, e.Message, "");
        }
        catch (UserException e)
        {
            await RefuseAsync(context, 409, e.Message, e.WhatToDo);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone; there is nobody to answer.
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            AgentApiLog.Failed(logger, e, context.Request.Path);
            await RefuseAsync(context, 500, "the agent failed to answer", "see the agent's log");
        }
    }

    private bool IsAuthorized(HttpRequest request)
    {
        const string Scheme = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(
                SHA256.HashData(Encoding.UTF8.GetBytes(header[Scheme.Length..])),
                SHA256.HashData(Encoding.UTF8.GetBytes(token)));
    }

    private static async Task RefuseAsync(HttpContext context, int status, string error, string whatToDo)
    {
        context.Response.StatusCode = status;
        await context.Response.WriteAsJsonAsync(new ApiError(error, whatToDo), ApiJson.Default.ApiError);
    }

    private async Task<IResult> EventsAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var after = query["after"].ToString();
        var limitText = query["limit"].ToString();
        var limit = limitText.Length == 0 ? 100
            : int.TryParse(limitText, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
                && n is >= 1 and <= MostEvents ? n
            : throw new FormatException($"limit must be 1 to {MostEvents}");
        var records = after.Length == 0
            ? await directory.ListNewestEventsAsync(limit, context.RequestAborted)
            : await directory.ListEventsAsync(after, limit, context.RequestAborted);
        var entries = records.Select(r => new EventEntry(
            r.Id, r.At, r.Instance, r.Node.IsNone ? null : r.Node.Value, r.Kind,
            r.Severity switch
            {
                Topology.EventSeverity.Error => Client.EventSeverity.Error,
                Topology.EventSeverity.Warning => Client.EventSeverity.Warning,
                _ => Client.EventSeverity.Info,
            },
            r.Message, r.Term == Term.None ? null : r.Term.Value));
        return Results.Json(new EventsDocument([.. entries]), ApiJson.Default.EventsDocument);
    }

    private async Task<IResult> SwitchoverAsync(HttpContext context, string name)
    {
        OperatorApi.Require(settings.Cluster.Instance, name);
        var request = await context.Request.ReadFromJsonAsync(ApiJson.Default.SwitchoverRequest,
            context.RequestAborted);
        var to = string.IsNullOrEmpty(request?.To) ? default : new NodeId(request.To);
        var drain = request?.DrainSeconds switch
        {
            null => (TimeSpan?)null,
            >= 0 and <= 30 => TimeSpan.FromSeconds(request.DrainSeconds.Value),
            _ => throw new FormatException("drainSeconds must be 0 to 30"),
        };
        return Results.Json(
            await switchovers.RunAsync(to, drain, context.RequestAborted), ApiJson.Default.SwitchoverOutcome);
    }

    private async Task<IResult> ShutdownAsync(HttpContext context)
    {
        var request = await context.Request.ReadFromJsonAsync(ApiJson.Default.ShutdownRequest, context.RequestAborted);
        shutDown(request?.Postgres ?? PostgresAtShutdown.Stop);
        return Results.StatusCode(202);
    }
}
