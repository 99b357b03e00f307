using System.Diagnostics;
using System.Net.Http.Json;
using Matriarch.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Matriarch.Topology.Tests;

/// <summary>One member that is a whole cluster.</summary>
internal sealed class EtcdServer : StoreServer
{
    private readonly int _peerPort = FreePorts.Take();
    private readonly string _program;

    private EtcdServer(TestDirectory directory, string program)
        : base(directory)
    {
        _program = program;
    }

    public static async Task<EtcdServer> CreateAsync()
    {
        var program = Required(
            new[] { "/usr/bin/etcd", "/usr/local/bin/etcd" }.FirstOrDefault(File.Exists), "etcd (etcd-server)");
        var server = new EtcdServer(await TestDirectory.CreateAsync(), program);
        return await StartedAsync(server);
    }

    public static EtcdStore Open(
        IEnumerable<int> ports, string cluster = "one", RemoteTimings? timings = null,
        EtcdCredentials? credentials = null) => new(
        EtcdAddress.TryParse($"etcd://{string.Join(',', ports.Select(p => $"127.0.0.1:{p}"))}/tests", out _)!,
        credentials, cluster, timings ?? RemoteTimings.Default, TimeProvider.System, NullLogger<EtcdStore>.Instance);

    public EtcdStore Open(string cluster = "one") => Open([Port], cluster);

    /// <summary>A request to its JSON gateway.</summary>
    public async Task PostAsync(string path, object body)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        using var answer = await http.PostAsJsonAsync(new Uri($"http://127.0.0.1:{Port}/v3/{path}"), body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    protected override string HealthPath => "/health";

    protected override ProcessStartInfo Command() => Command(
        _program, "--data-dir", Data, "--name", "one",
        "--listen-client-urls", $"http://127.0.0.1:{Port}", "--advertise-client-urls", $"http://127.0.0.1:{Port}",
        "--listen-peer-urls", $"http://127.0.0.1:{_peerPort}",
        "--initial-advertise-peer-urls", $"http://127.0.0.1:{_peerPort}",
        "--initial-cluster", $"one=http://127.0.0.1:{_peerPort}", "--heartbeat-interval", "10",
        "--election-timeout", "100", "--log-level", "error");
}
