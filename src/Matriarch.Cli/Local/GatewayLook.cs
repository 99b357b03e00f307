using System.Net;
using System.Text.Json;
using Matriarch.Client;

namespace Matriarch.Cli;

/// <summary>
/// How the gateway of a local cluster is, by its process and its API: no agent knows it, so the command looks itself.
/// </summary>
internal sealed class GatewayLook(LocalCluster cluster, TimeProvider time) : IDisposable
{
    /// <summary>The topic of its fact.</summary>
    public const string Topic = "gateway";

    private static readonly TimeSpan Limit = AgentClient.QuestionTimeout;

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false })
    {
        BaseAddress = new Uri($"http://127.0.0.1:{cluster.Gateway.ApiPort}"),
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Adds the gateway's fact to the instance that it serves.</summary>
    public async Task<ClusterStatus> AddToAsync(ClusterStatus status, CancellationToken cancellation)
    {
        var (kind, severity, text) = await LookAsync(cancellation);
        var fact = new FactEntry(
            Topic, null, kind, severity, time.GetUtcNow(), 0, text, FactScope.Instance);
        var instances = status.Document.Instances.Select(i =>
            string.Equals(i.Name, cluster.Instance, StringComparison.Ordinal)
                ? i with { Facts = StatusComposer.Sorted([.. i.Facts ?? [], fact]) } : i);
        return status with { Document = new StatusDocument([.. instances]) };
    }

    public void Dispose() => _http.Dispose();

    private async Task<(string Kind, FactSeverity Severity, string Text)> LookAsync(CancellationToken cancellation)
    {
        if (PidFile.FindRunning(cluster.Paths, LocalGateway.ProcessName) is not { Pid: var pid })
        {
            return ("gateway-down", FactSeverity.Error, "the gateway does not run: no client can connect");
        }

        using var deadline = new CancellationTokenSource(Limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        try
        {
            using var answer = await _http.GetAsync("/v1/health", both.Token);
            using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(both.Token));
            var state = json.RootElement.TryGetProperty("status", out var word) ? word.GetString() : null;
            return (answer.StatusCode, state) switch
            {
                (HttpStatusCode.OK, "serving") => ("gateway-serving", FactSeverity.Ok, "the gateway takes clients"),
                (_, "stopping") => ("gateway-stopping", FactSeverity.Warning, "the gateway is stopping"),
                (_, "waiting") =>
                    ("gateway-waiting", FactSeverity.Info, "the gateway knows no serving primary and holds clients"),
                _ => ("gateway-unresponsive", FactSeverity.Error,
                    $"what answers for the gateway is none, though its process {pid} runs"),
            };
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return ("gateway-unresponsive", FactSeverity.Error,
                $"the gateway's process {pid} runs and does not answer within {Limit.TotalSeconds:0} s");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException)
        {
            return ("gateway-unresponsive", FactSeverity.Error,
                $"the gateway's process {pid} runs, but its API cannot be used: {e.Message}");
        }
    }
}
