using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Matriarch.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Matriarch.Gateway;

/// <summary>
/// The gateway's HTTP API: <c>GET /v1/status</c>, <c>GET /v1/health</c> (200 while it serves clients or could hold
/// them, else 503), <c>POST /v1/shutdown</c> (202). Errors are <c>{"error","whatToDo"}</c>.
/// </summary>
internal sealed class GatewayApi : IAsyncDisposable
{
    private readonly WebApplication _app;

    private readonly TimeProvider _time;

    private GatewayApi(WebApplication app, IPEndPoint endpoint, TimeProvider time)
    {
        _app = app;
        _time = time;
        Endpoint = endpoint;
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Endpoint { get; }

    /// <exception cref="UserException">The address is wrong or in use.</exception>
    public static async Task<GatewayApi> StartAsync(
        string listen, GatewaySetup setup, Func<GatewayStatus> status, Action shutdown, CancellationToken cancellation)
    {
        if (!ListenAddress.TryParse(listen, out var endpoint))
        {
            throw new UserException($"api.listen: \"{listen}\" is not an address such as 127.0.0.1:8008");
        }

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k =>
        {
            k.Listen(endpoint);
            k.Limits.MaxConcurrentConnections = 100;
            k.Limits.MaxRequestBodySize = 4096;
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(setup.Loggers);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>(); // signals belong to the process, not to its API
        var app = builder.Build();
        Map(app, setup.ApiToken, status, shutdown);
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (IOException e)
        {
            await app.DisposeAsync();
            throw AddressError.For("api.listen", listen, SocketCause(e));
        }

        var bound =
            app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new GatewayApi(app, new IPEndPoint(endpoint.Address, new Uri(bound).Port), setup.Time);
    }

    public async ValueTask DisposeAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(1), _time);
        await _app.StopAsync(deadline.Token);
        await _app.DisposeAsync();
    }

    private static SocketException SocketCause(IOException e) => e.InnerException switch
    {
        AddressInUseException => new SocketException((int)SocketError.AddressAlreadyInUse),
        SocketException socket => socket,
        _ => new SocketException((int)SocketError.SocketError),
    };

    private static void Map(WebApplication app, string? token, Func<GatewayStatus> status, Action shutdown)
    {
        app.UseRouting();
        app.MapGet("/v1/health", async context =>
        {
            var now = status();
            context.Response.StatusCode = now.State == "stopping" || now.View is null
                ? StatusCodes.Status503ServiceUnavailable
                : StatusCodes.Status200OK;
            await context.Response.WriteAsJsonAsync(new { status = now.State, primary = now.View?.Primary });
        });
        app.MapGet("/v1/status", async context =>
        {
            if (token is null || await IsAllowedAsync(context, token))
            {
                await context.Response.WriteAsJsonAsync(status());
            }
        });
        app.MapPost("/v1/shutdown", async context =>
        {
            if (token is null)
            {
                await RefuseAsync(
                    context, StatusCodes.Status403Forbidden, "this gateway has no API token",
                    "Send SIGTERM to its process.");
            }
            else if (await IsAllowedAsync(context, token))
            {
                context.Response.StatusCode = StatusCodes.Status202Accepted;
                await context.Response.CompleteAsync();
                shutdown();
            }
        });
        app.UseEndpoints(_ => { });
    }

    private static async Task<bool> IsAllowedAsync(HttpContext context, string token)
    {
        var given = Encoding.UTF8.GetBytes(context.Request.Headers.Authorization.ToString());
        if (CryptographicOperations.FixedTimeEquals(given, Encoding.UTF8.GetBytes("Bearer " + token)))
        {
            return true;
        }

        await RefuseAsync(
            context, StatusCodes.Status401Unauthorized, "the API token is missing or wrong",
            "Send Authorization: Bearer <token>.");
        return false;
    }

    private static Task RefuseAsync(HttpContext context, int status, string error, string whatToDo)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new { error, whatToDo });
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
