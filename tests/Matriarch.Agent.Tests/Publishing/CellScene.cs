using Matriarch.Consensus;
using Matriarch.Core;
using Matriarch.Postgres;
using Matriarch.Topology;
using Microsoft.Extensions.Logging.Abstractions;

namespace Matriarch.Agent.Tests;

/// <summary>
/// The publishing half of one agent with a global store and one of its cell, both embedded and real; what it hears of
/// other nodes is said by the test. A round is taken when the test says so.
/// </summary>
internal sealed class CellScene : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("matriarch-cell-").FullName;
    private readonly NodeId _self;
    private readonly string _cell;
    private readonly List<ITopologyStore> _stores = [];
    private readonly PeerDirectory _peers;
    private LoopSnapshot _loop = LoopSnapshot.Nothing;
    private Publisher _global = null!;
    private Publisher _ofCell = null!;
    private CellCarrier _carrier = null!;

    private CellScene(string self, string cell)
    {
        (_self, _cell) = (new NodeId(self), cell);
        _peers = new PeerDirectory(_self, 16, Path.Combine(_directory, "peers.json"), Time);
    }

    public ManualTime Time { get; } = new();

    public InstanceDirectory Global { get; private set; } = null!;

    public InstanceDirectory OfCell { get; private set; } = null!;

    public ITopologyStore CellStore { get; private set; } = null!;

    public StoreFaults Faults => new(_global.StoreFault, true, _ofCell.StoreFault);

    public IReadOnlyList<NodeId> Peers => _peers.Ids;

    public string CellFile => Path.Combine(_directory, "cell", "topology.db");

    public string GlobalFile => Path.Combine(_directory, "global", "topology.db");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<CellScene> StartAsync(string self, string cell)
    {
        var scene = new CellScene(self, cell);
        Directory.CreateDirectory(Path.GetDirectoryName(scene.CellFile)!);
        Directory.CreateDirectory(Path.GetDirectoryName(scene.GlobalFile)!);
        var options = new TopologyOptions
        {
            Store = "sqlite:" + scene.GlobalFile, CellStore = "sqlite:" + scene.CellFile,
        };
        scene._stores.Add(await TopologyStores.OpenAsync(
            options, "one", TimeProvider.System, NullLoggerFactory.Instance, Cancellation));
        scene.CellStore = (await TopologyStores.OpenCellAsync(
            options, "one", cell, TimeProvider.System, NullLoggerFactory.Instance, Cancellation))!;
        scene._stores.Add(scene.CellStore);
        scene.Global = new InstanceDirectory(scene._stores[0], "main");
        scene.OfCell = new InstanceDirectory(scene._stores[1], "main");
        scene.Make();
        return scene;
    }

    /// <summary>Another node is heard, as what it says of itself.</summary>
    public void Hear(string name, string cell, NodeRole role, bool carries = false) => _peers.Heard(
        new NodeId(name),
        new NodeFacts(
            cell, "127.0.0.1", 1, "127.0.0.1:2", "127.0.0.1:3", 4, 5, role,
            role == NodeRole.Primary ? NodeState.Serving : NodeState.Streaming, 100, 3, 1, true, false, [], null,
            Carries: carries),
        new Incarnation(5));

    /// <summary>A rule of term 3 with these voters is known.</summary>
    public void KnowRule(string leader, params string[] voters) => _loop = LoopSnapshot.Nothing with
    {
        Known = new Leadership(new Term(3), new NodeId(leader)),
        Rule = new Rule(
            new Term(3), 1, new NodeId(leader), [.. voters.Select(v => new Voter(new NodeId(v), new Incarnation(5)))],
            default),
    };

    /// <summary>Each publisher looks and writes once; a second after the last time.</summary>
    public async Task RoundAsync()
    {
        Time.Advance(TimeSpan.FromSeconds(1));
        await _global.TryAsync(Cancellation);
        await _ofCell.TryAsync(Cancellation);
    }

    /// <summary>What the cell's store says of each node, by name: role and state.</summary>
    public async Task<string> NodesOfCellAsync() => string.Join(
        ' ', (await OfCell.ListNodesAsync(Cancellation)).Select(n => $"{n.Name}={n.Role}/{n.State}"));

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _stores)
        {
            await store.DisposeAsync();
        }

        Directory.Delete(_directory, recursive: true);
    }

    private void Make()
    {
        var settings = new AgentSettings(
            new ClusterOptions { Id = "one", Instance = "main" },
            new NodeOptions { Name = _self.Value, Cell = _cell }, new ApiOptions(), new HeartbeatOptions(),
            new PostgresOptions { Port = 5432 }, new SecretsOptions(), new TopologyOptions(), new ConsensusOptions(),
            new LogOptions());
        var state = new AgentState(
            settings, new Incarnation(5), _peers, () => _loop, () => DriverReport.Nothing, () => PauseState.Never,
            () => null, () => _carrier.IsUsable);
        var register = new GlobalRegister(_self, _peers, n => _loop.Rule?.HasVoter(n) == true, _ => { });
        _carrier = new CellCarrier(OfCell, _self, _cell, state, () => _loop, register, _peers, Time);
        _global = new Publisher(Global, _self, state.Record, register, Time, NullLogger<Publisher>.Instance);
        _ofCell = new Publisher(OfCell, _self, state.Record, _carrier, Time, NullLogger<Publisher>.Instance);
    }
}
