using System.Collections.Immutable;
using System.Text.Json;
using Matriarch.TestKit;

namespace Matriarch.Bench.Failover;

/// <summary>
/// Three Patronis, HAProxy and etcd. Synchronous replication to one of the two others, strict; rewind and slots are on,
/// so that a killed primary comes back by itself. The rest is what Patroni does by itself, but for the tempo.
/// </summary>
internal sealed class PatroniSystem(LabPlace place, PeerTempo tempo) : IBenchSystem, IDisposable
{
    private const int ProxyPort = 5000;
    private static readonly TimeSpan SwitchoverLimit = TimeSpan.FromSeconds(120);

    private readonly string _password = LabPlace.DrawSecret();
    private readonly HttpClient _http = LabHttp.Create();
    private readonly HttpClient _patient = LabHttp.Create(SwitchoverLimit);

    public string Name => tempo == PeerTempo.Default ? "patroni" : $"patroni {tempo.Name}";

    public string ConnectionString => LabPlace.Connection(ProxyPort, _password);

    public TimeSpan Cycle => TimeSpan.FromSeconds(tempo.LoopWait);

    public ImmutableSortedDictionary<string, string> Versions { get; private set; } =
        ImmutableSortedDictionary<string, string>.Empty;

    public async Task StartAsync()
    {
        Versions = Versions
            .SetItem("patroni", (await Command.RunAsync("patroni", "--version")).Trim())
            .SetItem("haproxy", (await Command.RunAsync("haproxy", "-v")).Split('\n')[0].Trim())
            .SetItem("etcd", await EtcdServer.VersionAsync());
        LabPlace.MakeDirectory(place.Directory);
        await EtcdServer.StartAsync(place);
        foreach (var node in LabNetwork.Nodes)
        {
            await place.MakeNodeAsync(node);
            await LabPlace.WritePrivateAsync(
                place.File($"{node}.yml"), PatroniFiles.Patroni(place, node, _password, tempo), "postgres");
            StartNode(node);
        }

        await File.WriteAllTextAsync(place.File("haproxy.cfg"), PatroniFiles.Haproxy(ProxyPort));
        LabProcess.Start(
            place.Network, LabNetwork.Client, place.Log("haproxy"), "haproxy", "-db", "-f", place.File("haproxy.cfg"));
    }

    public void StartNode(string node) => LabProcess.StartAsPostgres(
        place.Network, node, place.Log($"patroni-{node}"), "patroni", place.File($"{node}.yml"));

    public void KeepLogs()
    {
        // Patroni's PostgreSQL writes into Patroni's own log.
    }

    public string DataDirectory(string node) => Path.Combine(place.File(node), "data");

    public async Task<bool> IsHealthyAsync()
    {
        // A member that has not looked since its own fault says what was true before it, so all three are asked.
        var views = await Task.WhenAll(LabNetwork.Nodes.Select(n => MembersAsync(n)));
        return views.All(members =>
            members.Length == LabNetwork.Nodes.Length
            && members.Count(m => m.Role == "leader") == 1
            && members.Count(m => m.Role == "sync_standby") == 1
            && members.All(m => m.State is "running" or "streaming" && m.Timeline == members[0].Timeline));
    }

    public async Task<string> PrimaryAsync()
    {
        foreach (var node in LabNetwork.Nodes)
        {
            using var answer = await _http.GetAsync(PatroniFiles.Rest(node, "/primary"));
            if (answer.IsSuccessStatusCode)
            {
                return node;
            }
        }

        throw new InvalidOperationException("no Patroni says that it is the primary");
    }

    public async Task SwitchoverAsync()
    {
        var leader = await PrimaryAsync();
        // Text with a length: Patroni's server takes no chunks.
        using var request = new StringContent($$"""{"leader": "{{leader}}"}""");
        using var answer = await _patient.PostAsync(PatroniFiles.Rest(leader, "/switchover"), request);
        if (!answer.IsSuccessStatusCode)
        {
            var reason = await answer.Content.ReadAsStringAsync();
            throw new InvalidOperationException(
                $"the switchover did not come about: {answer.StatusCode} {reason}");
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _patient.Dispose();
    }

    private async Task<ImmutableArray<Member>> MembersAsync(string node)
    {
        using var document = await JsonDocument.ParseAsync(
            await _http.GetStreamAsync(PatroniFiles.Rest(node, "/cluster")));
        return
        [
            .. document.RootElement.GetProperty("members").EnumerateArray().Select(m => new Member(
                m.GetProperty("role").GetString() ?? "",
                m.GetProperty("state").GetString() ?? "",
                m.TryGetProperty("timeline", out var timeline) ? timeline.GetInt64() : 0)),
        ];
    }

    private sealed record Member(string Role, string State, long Timeline);
}
