using System.Globalization;
using Matriarch.Client;
using Matriarch.Core;
using Matriarch.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Matriarch.Gateway.Tests;

/// <summary>An agent's API as a gateway sees it: what it knows is said by the test.</summary>
internal sealed class FakeAgent : IAsyncDisposable
{
    public const string Token = "a token of the tests";

    private readonly WebApplication _app;
    private readonly string _node;
    private readonly string _process = Guid.NewGuid().ToString("N");
    private readonly Lock _lock = new();
    private LeadershipDocument _now;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _acted;

    private FakeAgent(WebApplication app, string node)
    {
        _app = app;
        _node = node;
        _now = new LeadershipDocument("main", node, _process, 0, 1, 0, null, ServicePhase.Unknown, []);
    }

    /// <summary>host:port.</summary>
    public string Address => new Uri(_app.Urls.First()).Authority;

    /// <summary>The server that knows the verifiers.</summary>
    public PostgresServer? Verifiers { get; set; }

    /// <summary>How stale it says that its node is; null when it does not know.</summary>
    public double? Staleness { get; set; }

    /// <summary>It answers no question about its staleness any more.</summary>
    public bool IsFrozen { get; set; }

    /// <summary>How often it was asked how stale its node is.</summary>
    public int StalenessAsked { get; private set; }

    /// <summary>How many keys were asked for.</summary>
    public int KeysAsked { get; private set; }

    /// <summary>Requests without the token.</summary>
    public int Refusals { get; private set; }

    public static async Task<FakeAgent> StartAsync(string node, int port = 0)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{port}");
        var app = builder.Build();
        var agent = new FakeAgent(app, node);
        app.Use(async (context, next) =>
        {
            if (context.Request.Headers.Authorization == "Bearer " + Token)
            {
                await next(context);
            }
            else
            {
                agent.Refusals++;
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            }
        });
        app.MapGet(ApiRoutes.Leadership, (Delegate)agent.AnswerAsync);
        app.MapGet(ApiRoutes.Staleness, (Delegate)agent.StaleAsync);
        app.MapPost(ApiRoutes.ClientKey, (Delegate)agent.KeyAsync);
        await app.StartAsync();
        return agent;
    }

    /// <summary>Says something new, in the leader's own name, or in that of another node.</summary>
    public void Says(uint term, ServicePhase phase, string leader, int revision, params NodeView[] nodes) =>
        Says(leader, term, phase, leader, revision, nodes);

    public void Says(
        string node, uint term, ServicePhase phase, string leader, int revision, params NodeView[] nodes)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            _now = new LeadershipDocument(
                "main", node, _process, _now.Version + 1, term, revision, leader, phase,
                [.. nodes.Select(n => new LeadershipNode(
                    n.Name.Value, n.Cell, n.Role, n.State, n.Host, n.Port, n.Api ?? "", n.LagBytes, []))]);
            changed = _changed;
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.SetResult();
    }

    /// <summary>Waits until the gateway asks for what comes after the newest word: it has acted on it.</summary>
    public Task IsActedOnAsync() => Eventually.HoldsAsync(
        () =>
        {
            lock (_lock)
            {
                return _acted == _now.Mark;
            }
        },
        $"the gateway acted on what {_node} said");

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> AnswerAsync(HttpContext context)
    {
        var after = context.Request.Query["after"].ToString();
        var wait = double.Parse(context.Request.Query["wait"].ToString(), CultureInfo.InvariantCulture);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, _app.Lifetime.ApplicationStopping);
        over.CancelAfter(TimeSpan.FromSeconds(wait));
        while (true)
        {
            Task changed;
            LeadershipDocument now;
            lock (_lock)
            {
                (now, changed, _acted) = (_now, _changed.Task, after);
            }

            if (now.Mark != after || over.IsCancellationRequested)
            {
                return Results.Json(now, ApiJson.Default.LeadershipDocument);
            }

            await Task.WhenAny(changed, Task.Delay(Timeout.Infinite, over.Token));
        }
    }

    private async Task<IResult> StaleAsync(HttpContext context)
    {
        StalenessAsked++;
        if (IsFrozen)
        {
            using var over = CancellationTokenSource.CreateLinkedTokenSource(
                context.RequestAborted, _app.Lifetime.ApplicationStopping);
            await Task.WhenAny(Task.Delay(Timeout.Infinite, over.Token));
        }

        return Results.Json(new StalenessDocument(_node, Staleness), ApiJson.Default.StalenessDocument);
    }

    private async Task<IResult> KeyAsync(HttpContext context)
    {
        KeysAsked++;
        var request = (await context.Request.ReadFromJsonAsync(ApiJson.Default.ClientKeyRequest))!;
        var verifier = await Verifiers!.ScalarAsync(
            $"SELECT rolpassword FROM pg_authid WHERE rolname = '{request.User}'") as string;
        var key = ScramKeys.RecoverClientKey(
            verifier ?? "", Convert.FromBase64String(request.AuthMessage), Convert.FromBase64String(request.Proof));
        return key is null
            ? Results.Json(new ApiError("no", ""), ApiJson.Default.ApiError, statusCode: 409)
            : Results.Json(new ClientKeyDocument(Convert.ToBase64String(key)), ApiJson.Default.ClientKeyDocument);
    }
}
