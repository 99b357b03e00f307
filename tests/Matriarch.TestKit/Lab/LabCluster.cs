using System.Collections.Immutable;
using System.Globalization;
using Matriarch.Client;
using Matriarch.Core;

namespace Matriarch.TestKit;

/// <summary>
/// Three agents, a gateway and etcd in a lab, all with their defaults: what the configuration files say is only where
/// things are. It ends with the lab's processes and needs no stopping of its own.
/// </summary>
internal sealed class LabCluster : IDisposable
{
    private const string Id = "lab-cluster";
    private const string Instance = "main";
    private const int ApiPort = 7301;
    private const int HeartbeatPort = 7302;
    private const int GatewayPort = 6432;
    private const int GatewayApiPort = 6433;

    private readonly LabPlace _place;
    private readonly ImmutableSortedDictionary<string, string> _parameters;
    private readonly Func<string, string>? _cellStore;
    private readonly string _token = LabPlace.DrawSecret();
    private readonly string _password = LabPlace.DrawSecret();
    private readonly ImmutableDictionary<string, AgentClient> _agents;

    /// <param name="place">Where it lives.</param>
    /// <param name="parameters">Of PostgreSQL; null for none.</param>
    /// <param name="cellStore">The topology store of each node's cell; null where the cells have none.</param>
    public LabCluster(
        LabPlace place, ImmutableSortedDictionary<string, string>? parameters = null,
        Func<string, string>? cellStore = null)
    {
        _place = place;
        _cellStore = cellStore;
        _parameters = parameters ?? ImmutableSortedDictionary<string, string>.Empty;
        _agents = LabNetwork.Nodes.ToImmutableDictionary(n => n, n => new AgentClient(
            new Uri(string.Create(CultureInfo.InvariantCulture, $"http://{LabNetwork.Address(n)}:{ApiPort}")), _token));
    }

    /// <summary>The built program.</summary>
    public static string Program { get; } = FindProgram();

    /// <summary>Through the gateway to the primary, without a pool.</summary>
    public string ConnectionString => LabPlace.Connection(GatewayPort, _password);

    /// <summary>Through the gateway on a node to a database such as <c>postgres@replica</c>.</summary>
    public string Through(string node, string database) => LabPlace.Connection(
        LabNetwork.Address(node), GatewayPort, _password).Replace(
            "Database=postgres", "Database=" + database, StringComparison.Ordinal);

    /// <summary>To the PostgreSQL of a node, with nothing in between.</summary>
    public string Direct(string node) =>
        LabPlace.Connection(LabNetwork.Address(node), LabPlace.PostgresPort, _password);

    /// <summary>What asks the agent of a node.</summary>
    public AgentClient Agent(string node) => _agents[node];

    /// <summary>Makes and starts it.</summary>
    /// <param name="prepare">Done to the directory of each node before its agent starts; null for nothing.</param>
    public async Task StartAsync(Func<string, Task>? prepare = null)
    {
        LabPlace.MakeDirectory(_place.Directory);
        await MakeSecretsAsync();
        await EtcdServer.StartAsync(_place);
        foreach (var node in LabNetwork.Nodes)
        {
            await _place.MakeNodeAsync(node);
            if (prepare is not null)
            {
                await prepare(node);
            }

            await File.WriteAllTextAsync(_place.File($"agent-{node}.yaml"), AgentYaml(node));
            StartNode(node);
        }

        await File.WriteAllTextAsync(_place.File("gateway.yaml"), GatewayYaml());
        StartGateway();
    }

    /// <summary>Starts the gateway, which must not run.</summary>
    public void StartGateway() => LabProcess.Start(
        _place.Network, LabNetwork.Client, _place.Log("gateway"),
        Program, "gateway", "run", "--config", _place.File("gateway.yaml"));

    /// <summary>Starts a gateway of a node's cell on its host: it knows that cell's store, and nothing else.</summary>
    /// <param name="node">The node.</param>
    /// <param name="settings">More of the section gateway, as YAML.</param>
    public async Task StartCellGatewayAsync(string node, string settings)
    {
        var (name, address) = ($"gateway-{node}", LabNetwork.Address(node));
        await File.WriteAllTextAsync(_place.File(name + ".yaml"), string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            cluster: { id: {{Id}}, instance: {{Instance}} }
            gateway: { cell: {{node}}, listen: "{{address}}:{{GatewayPort}}", {{settings}} }
            api: { listen: "{{address}}:{{GatewayApiPort}}" }
            secrets: { directory: "{{_place.File("secrets")}}" }
            topology: { store: "etcd://{{EtcdServer.Endpoint}}", cell-store: "{{_cellStore!(node)}}" }
            log: { format: console }

            """));
        LabProcess.Start(
            _place.Network, node, _place.Log(name), Program, "gateway", "run", "--config", _place.File(name + ".yaml"));
    }

    /// <summary>What the gateway of a node's cell says of itself, as JSON.</summary>
    public async Task<string> CellGatewayStatusAsync(string node)
    {
        using var http = LabHttp.Create();
        http.DefaultRequestHeaders.Authorization = new("Bearer", _token);
        return await http.GetStringAsync(new Uri(string.Create(
            CultureInfo.InvariantCulture, $"http://{LabNetwork.Address(node)}:{GatewayApiPort}/v1/status")));
    }

    /// <summary>Starts the agent of a node, which must not run.</summary>
    public void StartNode(string node) => LabProcess.Start(
        _place.Network, node, _place.Log($"agent-{node}"),
        Program, "agent", "run", "--config", _place.File($"agent-{node}.yaml"));

    /// <summary>The file to which the agent of a node writes.</summary>
    public string AgentLog(string node) => _place.Log($"agent-{node}");

    /// <summary>Copies the logs that are among the data to the others, before the data is removed.</summary>
    public void KeepLogs()
    {
        foreach (var node in LabNetwork.Nodes)
        {
            var log = Path.Combine(_place.File(node), "postgres.log");
            if (File.Exists(log))
            {
                File.Copy(log, _place.Log($"postgres-{node}"), overwrite: true);
            }
        }
    }

    /// <summary>node.directory of a node.</summary>
    public string NodeDirectory(string node) => _place.File(node);

    /// <summary>PGDATA of a node.</summary>
    public string DataDirectory(string node) => Path.Combine(_place.File(node), "data");

    /// <summary>Whether it says of itself that a primary serves and that both others follow it as voters.</summary>
    public async Task<bool> IsHealthyAsync()
    {
        var answers = await Task.WhenAll(_agents.Values.Select(a => a.StatusAsync(CancellationToken.None)));
        return answers.All(a => a.ValueOrDefault is { } all && IsHealthy(all.Instances[0]));
    }

    /// <summary>The node of the primary.</summary>
    /// <exception cref="InvalidOperationException">No agent knows one at the moment.</exception>
    public async Task<string> PrimaryAsync()
    {
        foreach (var agent in _agents.Values)
        {
            if ((await agent.StatusAsync(CancellationToken.None)).ValueOrDefault?.Instances[0].Primary is { } primary)
            {
                return primary;
            }
        }

        throw new InvalidOperationException("no agent knows a serving primary");
    }

    /// <summary>A planned change of the leader, as an operator asks for it; returns when it is done.</summary>
    /// <exception cref="InvalidOperationException">It was refused, or the outcome is unknown.</exception>
    public async Task SwitchoverAsync()
    {
        var agent = _agents[await PrimaryAsync()];
        var answer = await agent.SwitchoverAsync(Instance, null, null, CancellationToken.None);
        if (answer is not AgentAnswer<SwitchoverOutcome>.Answered)
        {
            throw new InvalidOperationException($"the switchover did not come about: {answer}");
        }
    }

    public void Dispose()
    {
        foreach (var agent in _agents.Values)
        {
            agent.Dispose();
        }
    }

    private static bool IsHealthy(InstanceStatus status) =>
        status.Nodes.Count == LabNetwork.Nodes.Length
        && status.Nodes.Count(n => n.State == NodeState.Serving) == 1
        && status.Nodes.Count(n => n.State == NodeState.Streaming) == LabNetwork.Nodes.Length - 1
        && status.Voters?.Count == LabNetwork.Nodes.Length;

    private async Task MakeSecretsAsync()
    {
        var secrets = _place.File("secrets");
        Directory.CreateDirectory(
            secrets, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var name in SecretNames.All)
        {
            var secret = name switch
            {
                SecretNames.ApiToken => _token,
                SecretNames.SuperuserPassword => _password,
                _ => LabPlace.DrawSecret(),
            };
            await LabPlace.WritePrivateAsync(Path.Combine(secrets, name), secret + "\n");
        }
    }

    private string Parameters() => string.Join(", ", _parameters.Select(p => $"{p.Key}: \"{p.Value}\""));

    private string AgentYaml(string node) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        cluster: { id: {{Id}}, instance: {{Instance}} }
        node: { name: {{node}}, directory: "{{_place.File(node)}}" }
        api: { listen: "{{LabNetwork.Address(node)}}:{{ApiPort}}" }
        heartbeat: { listen: "{{LabNetwork.Address(node)}}:{{HeartbeatPort}}" }
        postgres: { host: "{{LabNetwork.Address(node)}}", port: {{LabPlace.PostgresPort}}, os-user: postgres,
            bin-directory: "{{PostgresPrograms.Directory}}", parameters: { {{Parameters()}} } }
        secrets: { directory: "{{_place.File("secrets")}}" }
        topology: { store: "etcd://{{EtcdServer.Endpoint}}"{{CellStoreOf(node)}} }
        log: { format: console }

        """);

    private string CellStoreOf(string node) => _cellStore is { } of ? $", cell-store: \"{of(node)}\"" : "";

    private string GatewayYaml() => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        cluster: { id: {{Id}}, instance: {{Instance}} }
        gateway: { listen: "{{LabNetwork.Address(LabNetwork.Client)}}:{{GatewayPort}}" }
        api: { listen: "{{LabNetwork.Address(LabNetwork.Client)}}:{{GatewayApiPort}}" }
        secrets: { directory: "{{_place.File("secrets")}}" }
        topology: { store: "etcd://{{EtcdServer.Endpoint}}" }
        log: { format: console }

        """);

    private static string FindProgram()
    {
        // artifacts/bin/Matriarch.X/release/ → artifacts/bin/Matriarch.Cli/release/matriarch
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        var path = Path.Combine(own.Parent!.Parent!.FullName, "Matriarch.Cli", own.Name, "matriarch");
        return File.Exists(path) ? path : throw new UserException(
            $"the program is not built: there is no {path}", "run bench/failover or ./test, which build it");
    }
}
