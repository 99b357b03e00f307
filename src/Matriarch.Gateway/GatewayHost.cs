using System.Net;
using Matriarch.Core;
using Microsoft.Extensions.Logging;

namespace Matriarch.Gateway;

/// <summary>
/// One gateway inside this process: start it, ask where it listens, stop it. It owns three loops (accept, follow the
/// view, serve the API) and one task per client.
/// </summary>
public sealed class GatewayHost : IAsyncDisposable
{
    private readonly GatewaySetup _setup;
    private readonly ViewTracker _views;
    private readonly SessionRegistry _sessions;
    private readonly ClientServing _serving;
    private readonly ClientListener _listener;
    private readonly ViewFollower _follower;
    private readonly AgentFeeds _feeds;
    private readonly Parking _parking;
    private readonly StalenessWatch _staleness;
    private readonly SessionMover _mover;
    private readonly TaskCompletionSource _shutdown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private GatewayApi? _api;
    private Task? _stopped;

    private GatewayHost(GatewaySetup setup, IPEndPoint listen)
    {
        _setup = setup;
        _parking = new Parking(setup);
        _views = new ViewTracker(setup.Instance, setup.Loggers.CreateLogger<ViewTracker>());
        _staleness = new StalenessWatch(setup, _views, setup.Loggers.CreateLogger<StalenessWatch>());
        _sessions = new SessionRegistry(setup.Instance, _views, setup.Options, _staleness.Of);
        _parking.CountPending = _sessions.CountParkPending;
        _follower = new ViewFollower(setup, _views, _sessions, setup.Loggers.CreateLogger<ViewFollower>());
        _feeds = new AgentFeeds(setup, _views, _follower, _parking, setup.Loggers.CreateLogger<AgentFeed>());
        _mover = new SessionMover(
            setup, _views, _sessions, _parking, _feeds, setup.Loggers.CreateLogger<SessionMover>());
        _serving = new ClientServing(
            setup, _views, _sessions, _mover, _staleness, setup.Loggers.CreateLogger<ClientServing>());
        _listener = new ClientListener(listen, setup, _serving, setup.Loggers.CreateLogger<ClientListener>());
    }

    /// <summary>Where clients connect.</summary>
    public IPEndPoint Endpoint => _listener.Endpoint;

    /// <summary>Where the HTTP API listens; null without one.</summary>
    public IPEndPoint? ApiEndpoint => _api?.Endpoint;

    /// <summary>Completes when somebody asked the gateway to stop through its API.</summary>
    public Task ShutdownRequested => _shutdown.Task;

    /// <summary>Binds and starts to accept.</summary>
    /// <exception cref="UserException">A setting is wrong, or an address is in use.</exception>
    public static async Task<GatewayHost> StartAsync(GatewaySetup setup, CancellationToken cancellation)
    {
        if (setup.Options.Validate().FirstOrDefault() is { } problem)
        {
            throw new UserException(problem);
        }

        _ = ListenAddress.TryParse(setup.Options.Listen, out var listen); // validated above
        var host = new GatewayHost(setup, listen);
        try
        {
            host._staleness.Start();
            host._follower.Start();
            host._feeds.Start();
            if (setup.ApiListen is { } api)
            {
                host._api = await GatewayApi.StartAsync(api, setup, host.Describe, host.RequestShutdown, cancellation);
            }

            host._listener.Start();
            return host;
        }
        catch
        {
            await host.StopAsync();
            throw;
        }
    }

    /// <summary>
    /// Stops accepting, refuses who waits, ends idle sessions at once and busy ones when they become idle or the drain
    /// timeout is over, all with 57P01. Completes when everything has ended.
    /// </summary>
    public Task StopAsync()
    {
        lock (_lock)
        {
            return _stopped ??= StopCoreAsync();
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task StopCoreAsync()
    {
        _shutdown.TrySetResult();
        var served = _listener.StopAsync();
        _sessions.EndAllForStop(onlyIdle: true);
        await Task.WhenAny(served, Task.Delay(_setup.Options.DrainTimeout, _setup.Time));
        _sessions.EndAllForStop(onlyIdle: false);
        await served;
        _listener.Dispose();
        _mover.Dispose();
        await _staleness.DisposeAsync();
        await _feeds.DisposeAsync();
        await _follower.DisposeAsync();
        if (_api is { } api)
        {
            await api.DisposeAsync();
        }
    }

    private void RequestShutdown() => _shutdown.TrySetResult();

    internal GatewayStatus Describe() => GatewayStatus.Of(
        _setup, _views.Current, _sessions, _serving, _parking, _staleness, isStopping: _shutdown.Task.IsCompleted,
        _listener.Uptime);
}
