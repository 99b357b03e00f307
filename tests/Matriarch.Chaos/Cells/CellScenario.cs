using Matriarch.Core;
using Matriarch.TestKit;

namespace Matriarch.Chaos;

/// <summary>
/// Three cells with a node, a gateway and a topology store each (two embedded, one etcd), and the global store apart:
/// a cell is cut off, heals, loses the global store, its own, and both. Each step is a condition with a deadline.
/// </summary>
internal sealed class CellScenario : IDisposable
{
    /// <summary>gateway.max-replica-staleness of the gateways of the cells.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(10);

    private const string Replica = "postgres@replica";

    private static readonly TimeSpan Long = TimeSpan.FromSeconds(90);
    private readonly LabNetwork _network;
    private readonly LabPlace _place;
    private readonly LabCluster _cluster;
    private readonly TextWriter _output;
    private readonly TimeProvider _time;

    private CellScenario(LabPlace place, TextWriter output, TimeProvider time)
    {
        (_network, _place, _output, _time) = (place.Network, place, output, time);
        _cluster = new LabCluster(place, null, CellStoreOf);
    }

    /// <returns>The exit status: 0 when every step came about.</returns>
    public static async Task<int> PlayAsync(
        ChaosOptions options, LabNetwork network, string directory, TextWriter output, TimeProvider time)
    {
        var logs = options.Logs ?? Path.Combine(
            options.Directory, FormattableString.Invariant($"matriarch-chaos-logs-{Environment.ProcessId}"));
        Directory.CreateDirectory(logs);
        using var scenario = new CellScenario(new LabPlace(network, directory, logs), output, time);
        try
        {
            await scenario.RunAsync();
        }
        catch (Exception e) when (e is TimeoutException or InvalidOperationException)
        {
            await output.WriteLineAsync($"failed: {e.Message}; logs: {logs}");
            scenario._cluster.KeepLogs();
            return 1;
        }

        if (options.Logs is null)
        {
            Directory.Delete(logs, recursive: true);
        }

        await output.WriteLineAsync("cells: clean");
        return 0;
    }

    public void Dispose() => _cluster.Dispose();

    /// <summary>The last cell's is an etcd of its own, those of the others are files.</summary>
    private string CellStoreOf(string node) => node == LabNetwork.Nodes[^1]
        ? $"etcd://{EtcdServer.EndpointOf(node)}"
        : $"sqlite:{_place.File($"cell-{node}.db")}";

    private async Task RunAsync()
    {
        LabPlace.MakeDirectory(_place.Directory);
        await EtcdServer.StartAsync(_place, LabNetwork.Nodes[^1]);
        await _cluster.StartAsync();
        foreach (var node in LabNetwork.Nodes)
        {
            await StartGatewayAsync(node);
        }

        await IsHealthyAsync();
        await ChaosTable.CreateAsync(_cluster.ConnectionString);
        await LeadElsewhereAsync();
        var cell = new CellHost(_cluster, _network, LabNetwork.Nodes[^1]);
        await using (var reads = new BoundedReads(_cluster, cell.Node, Bound, _time))
        {
            await ReplaysLateAsync(cell, reads);
            await IsCutOffAsync(cell, reads);
            await StartsAnewAsync(cell);
            await HealsAsync(cell, reads);
            await _output.WriteLineAsync(reads.ToString());
        }

        await LosesStoresAsync(cell);
        await LosesThePrimaryAsync();
    }

    /// <summary>The cell that is going to be cut off shall have a replica.</summary>
    private async Task LeadElsewhereAsync()
    {
        if (await _cluster.PrimaryAsync() == LabNetwork.Nodes[^1])
        {
            await _cluster.SwitchoverAsync();
            await IsHealthyAsync();
        }
    }

    /// <summary>It streams, receives everything, and shows none of it.</summary>
    private async Task ReplaysLateAsync(CellHost cell, BoundedReads reads)
    {
        await HoldsAsync($"{cell.Node} reads from its own replica", async () =>
            reads.Reads > 20 && reads.Writes > 20 && await cell.AskAsync(Replica) == cell.Node);
        await ReplayAsync(cell, "pause");
        await HoldsAsync("a replica that receives and does not replay grows stale", async () =>
            await cell.StalenessAsync() is > 3
                && (await cell.StatusAsync()).Nodes.Any(n => n.Name == cell.Node && n.State == NodeState.Streaming));
        await ReplayAsync(cell, "resume");
        await HoldsAsync("it is fresh again once it replays", async () => await cell.StalenessAsync() is < 3);
        NothingWasTooOld(reads);
    }

    private async Task ReplayAsync(CellHost cell, string what) => await ChaosTable.ScalarAsync<object>(
        _cluster.Direct(cell.Node), $"select pg_wal_replay_{what}()::text");

    private async Task IsCutOffAsync(CellHost cell, BoundedReads reads)
    {
        await _network.CutAsync(cell.Node, LabNetwork.Nodes.Remove(cell.Node).Add(LabNetwork.Store));
        await HoldsAsync("the cut is felt, and the cell goes on serving reads within the bound", async () =>
            await cell.StalenessAsync() is > 4 && (await cell.StatusAsync()).Primary is null
                && await cell.AskAsync(Replica) == cell.Node);
        await HoldsAsync("the global store is missed, that of the cell is not", async () =>
            await cell.SaysAsync("store-unreachable") && await cell.SaysAsync("cell-store-reachable"));
        await HoldsAsync("beyond the bound the cell refuses reads, and says how stale they would be", async () =>
            await cell.RefusalAsync(Replica) is { SqlState: "57P03" } refusal
                && refusal.MessageText.Contains($"{cell.Node} is ", StringComparison.Ordinal)
                && refusal.MessageText.EndsWith("s stale", StringComparison.Ordinal));
        var (before, reading) = (await _cluster.PrimaryAsync(), reads.Writes);
        await KillPostmasterAsync(before);
        await HoldsAsync("the rest fails over and goes on writing", async () =>
            reads.Writes > reading + 20 && (await StatusOfRestAsync(cell)).Term > 2);
        NothingWasTooOld(reads);
    }

    /// <summary>Nothing but the store of its cell tells them of the others.</summary>
    private async Task StartsAnewAsync(CellHost cell)
    {
        await cell.KillAsync("agent run");
        await cell.KillAsync("gateway run");
        File.Delete(Path.Combine(_cluster.NodeDirectory(cell.Node), "peers.json"));
        _cluster.StartNode(cell.Node);
        await StartGatewayAsync(cell.Node);
        await HoldsAsync("an agent and a gateway that start in the cut-off cell know of all nodes", async () =>
            (await cell.StatusAsync()).Nodes.Count == LabNetwork.Nodes.Length
                && await cell.GatewayViewAsync() is { Primary: null, Nodes: 3 });
    }

    private async Task HealsAsync(CellHost cell, BoundedReads reads)
    {
        var served = reads.Reads;
        await _network.MendAsync();
        await IsHealthyAsync();
        await HoldsAsync("the healed cell knows the primary and serves fresh reads of its own again", async () =>
            await cell.AskAsync("postgres") == await _cluster.PrimaryAsync()
                && (await cell.GatewayViewAsync()).Primary == await _cluster.PrimaryAsync()
                && reads.Reads > served + 20 && await cell.AskAsync(Replica) == cell.Node);
        await HasBothStoresAsync(cell);
        NothingWasTooOld(reads);
    }

    private Task HasBothStoresAsync(CellHost cell) => HoldsAsync("the agent can use both stores", async () =>
        await cell.SaysAsync("store-reachable") && await cell.SaysAsync("cell-store-reachable"));

    private async Task LosesStoresAsync(CellHost cell)
    {
        await _network.KillAllAsync(LabNetwork.Store, _time);
        await HoldsAsync("the agent misses the global store", async () =>
            await cell.SaysAsync("store-unreachable") && await cell.SaysAsync("cell-store-reachable"));
        await cell.KillAsync("gateway run");
        await StartGatewayAsync(cell.Node);
        await ServesAsync(cell, "a gateway that starts without the global store serves");

        await cell.KillAsync("etcd");
        await HoldsAsync("the agent misses both stores", async () =>
            await cell.SaysAsync("store-unreachable") && await cell.SaysAsync("cell-store-unreachable"));
        var before = await _cluster.PrimaryAsync();
        await KillPostmasterAsync(before);
        await ServesAsync(cell, "traffic follows a failover without any of the two stores");

        Directory.Delete(EtcdServer.DataDirectory(_place, cell.Node), recursive: true);
        await EtcdServer.StartAsync(_place, cell.Node);
        await cell.KillAsync("gateway run");
        await StartGatewayAsync(cell.Node);
        await ServesAsync(cell, "a gateway finds everything in the wiped store of its cell again");
        await EtcdServer.StartAsync(_place);
        await IsHealthyAsync();
        await HasBothStoresAsync(cell);
    }

    /// <summary>The primary's cell is cut off: the others elect one, and it comes back as a replica.</summary>
    private async Task LosesThePrimaryAsync()
    {
        var cut = new CellHost(_cluster, _network, await _cluster.PrimaryAsync());
        var rest = new CellHost(_cluster, _network, LabNetwork.Nodes.First(n => n != cut.Node));
        await _network.CutAsync(cut.Node, LabNetwork.Nodes.Remove(cut.Node).Add(LabNetwork.Store));
        await HoldsAsync("the cells that are left have a primary of their own", async () =>
            await rest.AskAsync("postgres") != cut.Node);
        await HoldsAsync("the cut-off cell has none, and does not claim to", async () =>
            await cut.RefusalAsync("postgres") is { SqlState: "57P03" }
                && await cut.GatewayViewAsync() is { Primary: null });
        await _network.MendAsync();
        await IsHealthyAsync();
        await ServesAsync(cut, "the healed cell follows the primary of another");
    }

    private Task ServesAsync(CellHost cell, string what) => HoldsAsync(what, async () =>
        await cell.AskAsync("postgres") == await _cluster.PrimaryAsync());

    private async Task<Client.InstanceStatus> StatusOfRestAsync(CellHost cell) => await new CellHost(
        _cluster, _network, LabNetwork.Nodes.First(n => n != cell.Node)).StatusAsync();

    private Task StartGatewayAsync(string node) => _cluster.StartCellGatewayAsync(
        node, $"max-replica-staleness: {Bound.TotalSeconds}s, wait-for-primary: 2s");

    private async Task KillPostmasterAsync(string node) =>
        ProcessSignal.Kill(await Postmaster.IdAsync(_cluster.DataDirectory(node)));

    private Task IsHealthyAsync() => HoldsAsync(
        "a primary serves, both others stream, all three vote", _cluster.IsHealthyAsync);

    private static void NothingWasTooOld(BoundedReads reads)
    {
        if (reads.Violation is { } violation)
        {
            throw new InvalidOperationException(violation);
        }
    }

    private async Task HoldsAsync(string what, Func<Task<bool>> condition)
    {
        var began = _time.GetTimestamp();
        await Eventually.HoldsAsync(what, condition, Long);
        await _output.WriteLineAsync(
            FormattableString.Invariant($"{_time.GetElapsedTime(began).TotalSeconds,6:F1} s  {what}"));
        await _output.FlushAsync();
    }
}
