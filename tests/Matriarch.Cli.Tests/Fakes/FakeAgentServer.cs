using System.Collections.Concurrent;
using System.Net;
using Matriarch.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Matriarch.Cli.Tests;

/// <summary>An agent's HTTP API with answers that a test sets.</summary>
internal sealed class FakeAgentServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeAgentServer(WebApplication app) => _app = app;

    public StatusDocument Status { get; set; } = new([]);

    public List<EventEntry> Events { get; } = [];

    public LocalStatus Local { get; set; } = new("a", 1, null);

    /// <summary>The answer to a switchover: an outcome, or an error with its HTTP status.</summary>
    public Func<string, string?, object> Switchover { get; set; } = (_, to) => new SwitchoverOutcome(2, to ?? "b");

    /// <summary>Called by POST /v1/shutdown.</summary>
    public Action<PostgresAtShutdown> OnShutdown { get; set; } = _ => { };

    /// <summary>Method and path of every request with the right token.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public static async Task<FakeAgentServer> StartAsync(int port, string token)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, port));
        var app = builder.Build();
        var server = new FakeAgentServer(app);
        app.Run(context => server.AnswerAsync(context, token));
        await app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context, string token)
    {
        var request = context.Request;
        if (request.Headers.Authorization != "Bearer " + token)
        {
            context.Response.StatusCode = 401;
            return;
        }

        Requests.Enqueue($"{request.Method} {request.Path}");
        switch (request.Path.Value)
        {
            case ApiRoutes.Status:
                await context.Response.WriteAsJsonAsync(Status, ApiJson.Default.StatusDocument);
                break;
            case ApiRoutes.Events:
                await context.Response.WriteAsJsonAsync(Select(request.Query), ApiJson.Default.EventsDocument);
                break;
            case ApiRoutes.Local:
                await context.Response.WriteAsJsonAsync(Local, ApiJson.Default.LocalStatus);
                break;
            case ApiRoutes.Quiesce:
                break;
            case ApiRoutes.Shutdown:
                var asked = await request.ReadFromJsonAsync(ApiJson.Default.ShutdownRequest);
                context.Response.StatusCode = 202;
                await context.Response.CompleteAsync();
                OnShutdown(asked!.Postgres);
                break;
            default:
                await SwitchAsync(context);
                break;
        }
    }

    private EventsDocument Select(IQueryCollection query)
    {
        var limit = int.Parse(query["limit"].ToString(), System.Globalization.CultureInfo.InvariantCulture);
        var after = query["after"].ToString();
        return new EventsDocument(after.Length == 0
            ? [.. Events.TakeLast(limit)]
            : [.. Events.Where(e => string.CompareOrdinal(e.Id, after) > 0).Take(limit)]);
    }

    private async Task SwitchAsync(HttpContext context)
    {
        var body = await context.Request.ReadFromJsonAsync(ApiJson.Default.SwitchoverRequest);
        switch (Switchover(context.Request.Path.Value!.Split('/')[3], body!.To))
        {
            case SwitchoverOutcome outcome:
                await context.Response.WriteAsJsonAsync(outcome, ApiJson.Default.SwitchoverOutcome);
                break;
            case ApiError error:
                context.Response.StatusCode = 409;
                await context.Response.WriteAsJsonAsync(error, ApiJson.Default.ApiError);
                break;
            case string nonsense:
                context.Response.StatusCode = 500;
                await context.Response.WriteAsync(nonsense);
                break;
        }
    }
}
