using System.Globalization;
using System.Net.Sockets;
using Matriarch.Client;
using Matriarch.Core;
using Matriarch.Topology;
using Microsoft.Extensions.Logging.Abstractions;

namespace Matriarch.Cli;

/// <summary>
/// What must be true before <c>up</c> makes or starts anything. Each check says one line and what to do.
/// </summary>
internal static class Preflight
{
    private const long LeastFreeBytes = 1L << 30;
    private const string StoreUserVariable = "MATRIARCH_TOPOLOGY_USER";
    private const string StorePasswordFileVariable = "MATRIARCH_TOPOLOGY_PASSWORD_FILE";
    private const string CellStoreUserVariable = "MATRIARCH_TOPOLOGY_CELL_USER";
    private const string CellStorePasswordFileVariable = "MATRIARCH_TOPOLOGY_CELL_PASSWORD_FILE";
    private const long LeastFreeBytesToResume = 64L << 20;

    /// <summary>
    /// Whether the directory may become a cluster: it is not there, or nothing of anyone else's is in it.
    /// </summary>
    /// <exception cref="UserException">It may not.</exception>
    public static void DirectoryIsOurs(ClusterPaths paths)
    {
        if (File.Exists(paths.Root))
        {
            throw new UserException($"{paths.Root} is a file, not a directory", "name another directory with --dir");
        }

        if (!Directory.Exists(paths.Root))
        {
            return;
        }

        var foreign = Directory.EnumerateFileSystemEntries(paths.Root)
            .FirstOrDefault(e => !string.Equals(e, paths.Run, StringComparison.Ordinal) || !HoldsOnlyLock(paths));
        if (foreign is not null)
        {
            throw new UserException(
                $"{paths.Root} is not empty and not a matriarch cluster: it has {Path.GetFileName(foreign)}",
                "name an empty or a new directory with --dir; nothing was changed");
        }
    }

    /// <summary>Whether the gateway can listen.</summary>
    public static void GatewayPortIsFree(string host, int port)
    {
        if (!Ports.IsFree(host, port))
        {
            var other = port < 65535 ? port + 1 : port - 1;
            throw new UserException(
                string.Create(CultureInfo.InvariantCulture, $"port {port} on {host} is in use by another program"),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"stop what listens there, or choose another port for a new cluster: --port {other}"));
        }
    }

    /// <summary>Whether there is room for data at these places, which need not exist yet.</summary>
    public static void DiskHasRoom(params ReadOnlySpan<string> places) => DiskHasRoom(LeastFreeBytes, places);

    /// <summary>
    /// Whether an existing cluster can start: far less than a new one needs, since it is after a full disk that people
    /// resume.
    /// </summary>
    public static void DiskLetsResume(params ReadOnlySpan<string> places) =>
        DiskHasRoom(LeastFreeBytesToResume, places);

    /// <summary>Whether so many copies can exist.</summary>
    public static void DurabilityIsPossible(UpRequest request)
    {
        var nodes = request.NodeCount ?? UpRequest.DefaultNodeCount;
        if (int.TryParse(request.Durability?.ToString(), CultureInfo.InvariantCulture, out var copies)
            && copies > nodes)
        {
            throw new UserException(
                string.Create(
                    CultureInfo.InvariantCulture, $"--durability {copies}: {nodes} nodes hold at most {nodes} copies"),
                "name majority, async, or a number up to that of the nodes", exitCode: 2);
        }
    }

    /// <summary>Whether the secrets are there for their owner only, as every process will ask when it starts.</summary>
    public static void SecretsAreSafe(LocalCluster cluster)
    {
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite
            | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        var open = SecretNames.All.Select(cluster.Paths.Secret)
            .FirstOrDefault(p => File.Exists(p) && (File.GetUnixFileMode(p) & Others) != UnixFileMode.None);
        if (open is not null)
        {
            throw new UserException($"the secret {open} can be read or written by others", $"run: chmod 0600 {open}");
        }
    }

    internal static void DiskHasRoom(long needed, ReadOnlySpan<string> places)
    {
        foreach (var place in places)
        {
            var existing = place;
            while (!Directory.Exists(existing))
            {
                existing = Path.GetDirectoryName(existing) ?? "/";
            }

            var free = new DriveInfo(existing).AvailableFreeSpace;
            if (free < needed)
            {
                throw new UserException(
                    $"the disk of {existing} has {Wording.Bytes(free)} free, a cluster needs {Wording.Bytes(needed)}",
                    "make room, or name a directory on another disk with --dir");
            }
        }
    }

    /// <summary>
    /// Whether the ports that a cluster remembers are free for those of its processes that do not run.
    /// </summary>
    public static void RememberedPortsAreFree(LocalCluster cluster, ClusterProcesses running)
    {
        if (running.Gateway is null)
        {
            GatewayPortIsFree(cluster.Gateway.Host, cluster.Gateway.Port);
            Check(cluster.Gateway.ApiPort, ProtocolType.Tcp, "the gateway's API", cluster.Paths.GatewayConfig);
        }

        foreach (var node in cluster.Nodes)
        {
            var config = cluster.Paths.AgentConfig(node.Name);
            if (!running.Agents.ContainsKey(node.Name))
            {
                Check(node.ApiPort, ProtocolType.Tcp, $"the API of agent {node.Name}", config);
                Check(node.HeartbeatPort, ProtocolType.Udp, $"the heartbeats of agent {node.Name}", config);
            }

            if (!running.Postmasters.ContainsKey(node.Name))
            {
                Check(node.PostgresPort, ProtocolType.Tcp, $"PostgreSQL of node {node.Name}", config);
            }
        }

        void Check(int port, ProtocolType protocol, string user, string config)
        {
            if (!Ports.IsFree("127.0.0.1", port, protocol))
            {
                throw new UserException(
                    string.Create(
                        CultureInfo.InvariantCulture, $"port {port} of {user} is in use by another program"),
                    $"stop what listens there, or change the port in {config} and in {cluster.Paths.ClusterFile}");
            }
        }
    }

    /// <summary>Whether what was asked for is what the cluster is: these are chosen once, when it is made.</summary>
    public static void RequestFits(LocalCluster cluster, UpRequest request)
    {
        if (request.Port is { } port && port != cluster.Gateway.Port)
        {
            throw Differs(
                string.Create(CultureInfo.InvariantCulture, $"listens on port {cluster.Gateway.Port}, not {port}"),
                "--port");
        }

        if (request.NodeCount is { } count && count != cluster.Nodes.Length)
        {
            throw Differs(
                string.Create(CultureInfo.InvariantCulture, $"has {cluster.Nodes.Length} nodes, not {count}"),
                "--nodes");
        }

        if (request.Durability is { } policy
            && !string.Equals(policy.ToString(), cluster.Durability, StringComparison.Ordinal))
        {
            throw Differs($"was made with durability {cluster.Durability}, not {policy}", "--durability");
        }

        if (request.Store is { } store && !string.Equals(store, cluster.StoreAddress, StringComparison.Ordinal))
        {
            throw Differs($"keeps its records in {cluster.StoreAddress}, not in {store}", "--store");
        }

        if (request.CellStores is { } cells
            && !string.Equals(
                cells == UpRequest.OwnFiles ? "sqlite:" + cluster.Paths.CellTopology : cells, cluster.CellStores,
                StringComparison.Ordinal))
        {
            throw Differs(
                cluster.CellStores is { } kept ? $"keeps the records of its cells in {kept}"
                : "has no stores for its cells",
                "--cell-stores");
        }

        UserException Differs(string what, string flag) => new(
            $"the cluster in {cluster.Paths.Root} {what}",
            $"leave {flag} away to resume it, or make another cluster with --dir");
    }

    /// <summary>Whether the topology stores answer that the agents will need to begin.</summary>
    public static async Task StoresAnswerAsync(
        LocalCluster cluster, CliEnvironment environment, CancellationToken cancellation)
    {
        // The cluster's own files are made by the first agent that comes.
        if (cluster.Store is { } address)
        {
            await StoreAnswersAsync(
                address, "--store", environment.Variable(StoreUserVariable),
                environment.Variable(StorePasswordFileVariable), cluster.Id, environment.Time, cancellation);
        }

        var cells = cluster.Nodes.Select(n => cluster.CellStoreOf(n.Cell)).OfType<string>()
            .Where(_ => cluster.CellStores != "sqlite:" + cluster.Paths.CellTopology)
            .Distinct(StringComparer.Ordinal);
        foreach (var cell in cells)
        {
            await StoreAnswersAsync(
                cell, "--cell-stores", environment.Variable(CellStoreUserVariable),
                environment.Variable(CellStorePasswordFileVariable), cluster.Id, environment.Time, cancellation);
        }
    }

    private static async Task StoreAnswersAsync(
        string address, string flag, string? user, string? passwordFile, string cluster, TimeProvider time,
        CancellationToken cancellation)
    {
        var options = new TopologyOptions
        {
            Store = address, User = user ?? "", PasswordFile = passwordFile ?? "",
        };
        await using var store = await TopologyStores.OpenAsync(
            options, cluster, time, NullLoggerFactory.Instance, cancellation);
        try
        {
            await store.ListAsync(StorePrefix.All, cancellation, new ListRange(Limit: 1));
        }
        catch (StoreUnavailableException e)
        {
            throw new UserException(
                $"the topology store {address} cannot be used: {e.Message}",
                $"start it, or name the right one with {flag}; without {flag} the cluster needs none but its own files",
                1,
                e);
        }
    }

    private static bool HoldsOnlyLock(ClusterPaths paths) =>
        Directory.EnumerateFileSystemEntries(paths.Run)
            .All(e => string.Equals(e, paths.LockFile, StringComparison.Ordinal));
}
