using System.Collections.Immutable;
using System.Globalization;
using Matriarch.TestKit;

namespace Matriarch.Chaos;

/// <summary>
/// What faults are made of: the cluster in its lab, its processes, the directories of its nodes. Every node's directory
/// is a file system of its own, in memory and in the mount namespace of this program: it can be full, and it is gone
/// with the last process that sees it.
/// </summary>
internal sealed class ChaosWorld : IDisposable
{
    /// <summary>Of a node's directory; room for the data, a copy beside it, and the WAL of a long run.</summary>
    private const string DiskSize = "1500m";

    private const string AgentName = "matriarch";
    private const string PostgresName = "postgres";
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(180);

    private static readonly ImmutableSortedDictionary<string, string> Parameters =
        ImmutableSortedDictionary<string, string>.Empty
            .Add("max_prepared_transactions", "10").Add("max_wal_size", "192MB").Add("shared_buffers", "32MB");

    public ChaosWorld(LabPlace place, TimeProvider time)
    {
        (Place, Time) = (place, time);
        Cluster = new LabCluster(place, Parameters);
        Recorder = new Recorder(time);
    }

    public LabPlace Place { get; }

    public LabNetwork Network => Place.Network;

    public LabCluster Cluster { get; }

    public Recorder Recorder { get; }

    public TimeProvider Time { get; }

    /// <summary>Timelines that a fault has begun by hand.</summary>
    public HashSet<long> Foreign { get; } = [];

    /// <summary>The nodes that are not a given one.</summary>
    public static ImmutableArray<string> Others(string node) => LabNetwork.Nodes.Remove(node);

    /// <summary>Makes and starts the cluster, and waits until it is healthy.</summary>
    public async Task StartAsync()
    {
        await Cluster.StartAsync(async node =>
        {
            var directory = Cluster.NodeDirectory(node);
            await Command.RunAsync(
                "mount", "-t", "tmpfs", "-o", $"size={DiskSize},mode=0700", "tmpfs", directory);
            await Command.RunAsync("chown", "postgres:", directory);
        });
        await IsHealthyAsync(StartDeadline);
        await ChaosTable.CreateAsync(Cluster.ConnectionString);
    }

    /// <summary>Waits until a primary serves and both others stream, as the agents and PostgreSQL say.</summary>
    public Task IsHealthyAsync(TimeSpan deadline) => Eventually.HoldsAsync(
        "a primary serves, both others stream, all three vote",
        async () => await Cluster.IsHealthyAsync()
            && await ChaosTable.ScalarAsync<long>(
                Cluster.ConnectionString, "select count(*) from pg_stat_replication where state = 'streaming'")
                == LabNetwork.Nodes.Length - 1,
        deadline);

    /// <summary>The agent of a node; null when none runs.</summary>
    public Task<int?> AgentAsync(string node) => OneAsync(node, AgentName);

    /// <summary>The gateway; null when none runs.</summary>
    public Task<int?> GatewayAsync() => OneAsync(LabNetwork.Client, AgentName);

    /// <summary>All processes of the PostgreSQL of a node.</summary>
    public async Task<IReadOnlyList<int>> PostgresAsync(string node) =>
        [.. (await Network.ProcessesAsync(node)).Where(p => NameOf(p) == PostgresName)];

    /// <summary>The processes of a node's PostgreSQL that say of themselves that they are of a kind.</summary>
    /// <param name="node">The node.</param>
    /// <param name="title">A part of the title, such as <c>walsender</c>.</param>
    public async Task<IReadOnlyList<int>> PostgresAsync(string node, string title) =>
        [.. (await PostgresAsync(node)).Where(p => TitleOf(p).Contains(title, StringComparison.Ordinal))];

    /// <summary>Starts the agents and the gateway that do not run, as a service manager does.</summary>
    /// <returns>The hosts whose process was gone.</returns>
    public async Task<IReadOnlyList<string>> StartMissingAsync()
    {
        var missing = new List<string>();
        foreach (var node in LabNetwork.Nodes)
        {
            if (await AgentAsync(node) is null)
            {
                missing.Add(node);
                Cluster.StartNode(node);
            }
        }

        if (await GatewayAsync() is null)
        {
            missing.Add(LabNetwork.Client);
            Cluster.StartGateway();
        }

        return missing;
    }

    /// <summary>Lets everything go on that was frozen.</summary>
    public async Task ThawAsync(string host)
    {
        foreach (var process in await Network.ProcessesAsync(host))
        {
            ProcessSignal.Continue(process);
        }
    }

    /// <summary>kill -9 of the agent of a node, if it runs, and the wait until it is gone.</summary>
    public async Task KillAgentAsync(string node)
    {
        if (await AgentAsync(node) is { } agent)
        {
            ProcessSignal.Kill(agent);
            await Eventually.HoldsAsync($"the agent of {node} is gone", async () => await AgentAsync(node) != agent);
        }
    }

    /// <summary>kill -9 of the postmaster of a node, if it runs.</summary>
    public async Task KillPostmasterAsync(string node)
    {
        var processes = await PostgresAsync(node);
        if (processes.Count > 0 && await PostmasterAsync(node) is { } postmaster)
        {
            ProcessSignal.Kill(postmaster);
        }
    }

    /// <summary>The postmaster of a node; null when none runs.</summary>
    public async Task<int?> PostmasterAsync(string node)
    {
        try
        {
            return await Postmaster.IdAsync(Cluster.DataDirectory(node));
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or FormatException
            or IndexOutOfRangeException)
        {
            return null;
        }
    }

    /// <summary>The primary, waited for.</summary>
    public async Task<string> PrimaryAsync()
    {
        var primary = "";
        await Eventually.HoldsAsync(
            "an agent knows a serving primary",
            async () =>
            {
                primary = await Cluster.PrimaryAsync();
                return true;
            },
            TimeSpan.FromSeconds(20));
        return primary;
    }

    /// <summary>Ends all that belongs to the cluster; this program lives among its clients.</summary>
    public async Task EndAsync()
    {
        Cluster.KeepLogs();
        await Network.MendAsync();
        foreach (var host in LabNetwork.Nodes.Add(LabNetwork.Store))
        {
            await Network.KillAllAsync(host, Time);
        }

        if (await GatewayAsync() is { } gateway)
        {
            ProcessSignal.Kill(gateway);
        }

        foreach (var node in LabNetwork.Nodes)
        {
            await Command.RunAsync("umount", Cluster.NodeDirectory(node));
        }
    }

    public void Dispose() => Cluster.Dispose();

    private async Task<int?> OneAsync(string host, string name)
    {
        var found = (await Network.ProcessesAsync(host)).Where(p => NameOf(p) == name).ToList();
        return found.Count == 0 ? null : found[0];
    }

    private static string NameOf(int process) => FileOf(process, "comm").Trim();

    private static string TitleOf(int process) => FileOf(process, "cmdline").Replace('\0', ' ');

    private static string FileOf(int process, string file)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/{file}"));
        }
        catch (IOException)
        {
            return ""; // it has ended meanwhile
        }
    }
}
