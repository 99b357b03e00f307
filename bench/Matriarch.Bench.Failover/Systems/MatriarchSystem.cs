using System.Collections.Immutable;
using System.Globalization;
using Matriarch.Client;
using Matriarch.Core;

namespace Matriarch.Bench.Failover;

/// <summary>
/// Three agents, a gateway and etcd, all with their defaults: what the configuration files say is only where things
/// are.
/// </summary>
internal sealed class MatriarchSystem : IBenchSystem, IDisposable
{
    /// <summary>As in the table.</summary>
    public const string SystemName = "matriarch";

    private const string Instance = "main";
    private const int ApiPort = 7301;
    private const int HeartbeatPort = 7302;
    private const int GatewayPort = 6432;
    private const int GatewayApiPort = 6433;

    private readonly SystemPlace _place;
    private readonly string _program = FindProgram();
    private readonly string _token = SystemPlace.DrawSecret();
    private readonly string _password = SystemPlace.DrawSecret();
    private readonly ImmutableDictionary<string, AgentClient> _agents;

    public MatriarchSystem(SystemPlace place)
    {
        _place = place;
        _agents = LabNetwork.Nodes.ToImmutableDictionary(n => n, n => new AgentClient(
            new Uri(string.Create(CultureInfo.InvariantCulture, $"http://{LabNetwork.Address(n)}:{ApiPort}")), _token));
    }

    public string Name => SystemName;

    public string ConnectionString => SystemPlace.Connection(GatewayPort, _password);

    /// <summary>Ten heartbeats, and the length of a lease.</summary>
    public TimeSpan Cycle => TimeSpan.FromSeconds(1);

    public ImmutableSortedDictionary<string, string> Versions { get; private set; } =
        ImmutableSortedDictionary<string, string>.Empty;

    public async Task StartAsync()
    {
        Versions = Versions
            .SetItem("matriarch", (await Command.RunAsync(_program, "version")).Trim())
            .SetItem("etcd", await EtcdServer.VersionAsync());
        SystemPlace.MakeDirectory(_place.Directory);
        await MakeSecretsAsync();
        await EtcdServer.StartAsync(_place);
        foreach (var node in LabNetwork.Nodes)
        {
            await _place.MakeNodeAsync(node);
            await File.WriteAllTextAsync(_place.File($"agent-{node}.yaml"), AgentYaml(node));
            StartNode(node);
        }

        await File.WriteAllTextAsync(_place.File("gateway.yaml"), GatewayYaml());
        LabProcess.Start(
            _place.Network, LabNetwork.Client, _place.Log("gateway"),
            _program, "gateway", "run", "--config", _place.File("gateway.yaml"));
    }

    public void StartNode(string node) => LabProcess.Start(
        _place.Network, node, _place.Log($"agent-{node}"),
        _program, "agent", "run", "--config", _place.File($"agent-{node}.yaml"));

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

    public string DataDirectory(string node) => Path.Combine(_place.File(node), "data");

    public async Task<bool> IsHealthyAsync()
    {
        var answers = await Task.WhenAll(_agents.Values.Select(a => a.StatusAsync(CancellationToken.None)));
        return answers.All(a => a.ValueOrDefault is { } all && IsHealthy(all.Instances[0]));
    }

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
                _ => SystemPlace.DrawSecret(),
            };
            await SystemPlace.WritePrivateAsync(Path.Combine(secrets, name), secret + "\n");
        }
    }

    private string AgentYaml(string node) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        cluster: { id: bench-failover, instance: {{Instance}} }
        node: { name: {{node}}, directory: "{{_place.File(node)}}" }
        api: { listen: "{{LabNetwork.Address(node)}}:{{ApiPort}}" }
        heartbeat: { listen: "{{LabNetwork.Address(node)}}:{{HeartbeatPort}}" }
        postgres: { host: "{{LabNetwork.Address(node)}}", port: {{SystemPlace.PostgresPort}}, os-user: postgres,
            bin-directory: "{{PostgresPrograms.Directory}}" }
        secrets: { directory: "{{_place.File("secrets")}}" }
        topology: { store: "etcd://{{EtcdServer.Endpoint}}" }
        log: { format: console }

        """);

    private string GatewayYaml() => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        cluster: { id: bench-failover, instance: {{Instance}} }
        gateway: { listen: "{{LabNetwork.Address(LabNetwork.Client)}}:{{GatewayPort}}" }
        api: { listen: "{{LabNetwork.Address(LabNetwork.Client)}}:{{GatewayApiPort}}" }
        secrets: { directory: "{{_place.File("secrets")}}" }
        topology: { store: "etcd://{{EtcdServer.Endpoint}}" }
        log: { format: console }

        """);

    private static string FindProgram()
    {
        // artifacts/bin/Matriarch.Bench.Failover/release/ → artifacts/bin/Matriarch.Cli/release/matriarch
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        var path = Path.Combine(own.Parent!.Parent!.FullName, "Matriarch.Cli", own.Name, "matriarch");
        return File.Exists(path) ? path : throw new UserException(
            $"the program is not built: there is no {path}", "run bench/failover, which builds it");
    }
}
