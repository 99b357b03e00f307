using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Matriarch.Core;
using Microsoft.Extensions.Logging.Abstractions;

namespace Matriarch.Gateway.Tests;

/// <summary>The gateway as a process: addresses, settings, HTTP API.</summary>
public sealed class ProcessTests(Servers servers)
{
    [Fact]
    public async Task An_address_in_use_is_one_clear_line()
    {
        await using var gateway = await TestGateway.StartAsync(apiListen: "127.0.0.1:0");
        var taken = $"127.0.0.1:{gateway.Port}";
        var error = await Assert.ThrowsAsync<UserException>(() => TestGateway.StartAsync(o => o.Listen = taken));
        Assert.Equal($"gateway.listen: {taken} is in use by another process", error.Message);
        var api = await Assert.ThrowsAsync<UserException>(() => TestGateway.StartAsync(apiListen: taken));
        Assert.Equal($"api.listen: {taken} is in use by another process", api.Message);
    }

    [Fact]
    public async Task An_address_is_free_again_as_soon_as_the_gateway_has_stopped()
    {
        int port;
        await using (var gateway = await TestGateway.StartAsync(servers))
        {
            port = gateway.Port;
            await using var connection = await gateway.OpenAsync(); // leaves a socket in TIME_WAIT
        }

        await using var again = await TestGateway.StartAsync(o => o.Listen = $"127.0.0.1:{port}");
        Assert.Equal(port, again.Port);
    }

    [Fact]
    public void Wrong_settings_are_named()
    {
        var options = new GatewayOptions
        {
            Listen = "nonsense", MaxClients = 0, MaxHeldClients = 5, MaxLagBytes = -1, ConnectTimeout = TimeSpan.Zero,
        };
        Assert.Equal(
            ["gateway.listen", "gateway.max-clients", "gateway.max-held-clients", "gateway.max-lag-bytes",
                "gateway.connect-timeout"],
            options.Validate().Select(p => p[..p.IndexOf(':', StringComparison.Ordinal)]));
        Assert.Empty(new GatewayOptions().Validate());
    }

    [Fact]
    public async Task The_api_shows_status_and_health_and_stops_the_gateway_only_with_the_token()
    {
        await using var gateway = await TestGateway.StartAsync(apiListen: "127.0.0.1:0", apiToken: "token");
        using var http = new HttpClient { BaseAddress = new Uri($"http://{gateway.Host.ApiEndpoint}") };
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.GetAsync("/v1/health")).StatusCode);
        gateway.PublishTerm(7, servers.A, servers.B);
        await Eventually.HoldsAsync(
            async () => (await http.GetAsync("/v1/health")).StatusCode == HttpStatusCode.OK,
            "the gateway became healthy");
        await using var connection = await gateway.OpenAsync("postgres@replica");

        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/v1/status")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.PostAsync("/v1/shutdown", null)).StatusCode);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "token");
        using var status = JsonDocument.Parse(await http.GetStringAsync("/v1/status"));
        Assert.Equal("serving", status.RootElement.GetProperty("state").GetString());
        var view = status.RootElement.GetProperty("view");
        Assert.Equal(7, view.GetProperty("term").GetInt32());
        Assert.Equal("a", view.GetProperty("primary").GetString());
        Assert.Equal(1, view.GetProperty("nodes")[1].GetProperty("sessions").GetInt32());
        Assert.False(gateway.Host.ShutdownRequested.IsCompleted);
        Assert.Equal(HttpStatusCode.Accepted, (await http.PostAsync("/v1/shutdown", null)).StatusCode);
        await gateway.Host.ShutdownRequested;
    }

    [Fact]
    public async Task The_process_ends_when_it_is_asked_to()
    {
        // Tests block in continuations of sockets, so this process must keep the runtime's default.
        Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "0");
        using var stop = new CancellationTokenSource();
        var setup = new GatewaySetup(
            new GatewayOptions { Listen = "127.0.0.1:0" }, "main", new FakeViews(), NullLoggerFactory.Instance,
            TimeProvider.System);
        var running = GatewayProcess.RunAsync(setup, stop.Token);
        Assert.False(running.IsCompleted);
        await stop.CancelAsync();
        await running;
    }
}
