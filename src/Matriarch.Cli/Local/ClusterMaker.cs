using System.Security.Cryptography;
using System.Text;
using Matriarch.Client;
using Matriarch.Core;

namespace Matriarch.Cli;

/// <summary>
/// Makes the files of a new cluster. <c>cluster.yaml</c> comes first and <see cref="Complete"/> adds what is missing,
/// so an interrupted first run is resumed by the next one; what exists is never overwritten.
/// </summary>
internal static class ClusterMaker
{
    private const string InstanceName = "main";
    private const string Loopback = "127.0.0.1";
    private const int SecretBytes = 32;

    private const UnixFileMode DirectoryOpen =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private const UnixFileMode DirectoryPrivate =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const UnixFileMode FilePrivate = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Draws the id and the ports of a new cluster; touches nothing.</summary>
    public static LocalCluster Draw(
        ClusterPaths paths, UpRequest request, string postgresBin, bool isRoot)
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        var port = request.Port ?? UpRequest.DefaultPort;
        var count = request.NodeCount ?? UpRequest.DefaultNodeCount;
        var ports = Ports.Draw((count * 3) + 1, port);
        var directory = NodesPlacement.Choose(paths, id, isRoot);
        var nodes = Enumerable.Range(0, count).Select(i =>
        {
            var name = ((char)('a' + i)).ToString();
            var at = 1 + (i * 3);
            return new LocalNode(name, name, Path.Combine(directory, name), ports[at], ports[at + 1], ports[at + 2]);
        });
        return new LocalCluster(
            paths,
            id,
            InstanceName,
            (request.Durability ?? DurabilityPolicy.Majority).ToString(),
            postgresBin,
            new LocalGateway(Loopback, port, ports[0]),
            [.. nodes])
        {
            Store = request.Store,
            CellStores = request.CellStores == UpRequest.OwnFiles ? "sqlite:" + paths.CellTopology : request.CellStores,
        };
    }

    /// <summary>
    /// Makes the cluster's directory and those above it that are missing; returns what it made, deepest first. As root
    /// they are open to all, whatever the umask: PostgreSQL's user has to pass.
    /// </summary>
    public static IReadOnlyList<string> MakeRoot(ClusterPaths paths, bool isRoot)
    {
        var made = new List<string>();
        for (var here = paths.Root; here is not null && !Directory.Exists(here); here = Path.GetDirectoryName(here))
        {
            made.Add(here);
        }

        Directory.CreateDirectory(paths.Root);
        foreach (var directory in made.Where(_ => isRoot))
        {
            File.SetUnixFileMode(directory, DirectoryOpen);
        }

        return made;
    }

    /// <summary>Makes whatever of the cluster's files is not there.</summary>
    /// <exception cref="UserException">Secrets are lost while there is data that knows them.</exception>
    public static void Complete(LocalCluster cluster, bool isRoot)
    {
        var paths = cluster.Paths;
        WriteIfMissing(paths.ClusterFile, cluster.ToYaml(), null);
        MakeDirectory(paths.Secrets, DirectoryPrivate);
        MakeDirectory(paths.Agents, DirectoryOpen);
        MakeDirectory(paths.Logs, DirectoryOpen);
        MakeDirectory(paths.Run, DirectoryOpen);
        MakeSecrets(cluster);
        foreach (var node in cluster.Nodes)
        {
            WriteIfMissing(paths.AgentConfig(node.Name), AgentYaml(cluster, node, isRoot), null);
            if (!Directory.Exists(node.Directory))
            {
                NodesPlacement.Make(node.Directory, isRoot);
            }
        }

        WriteIfMissing(paths.GatewayConfig, GatewayYaml(cluster), null);
    }

    private static void MakeSecrets(LocalCluster cluster)
    {
        var missing = SecretNames.All.Where(s => !File.Exists(cluster.Paths.Secret(s))).ToList();
        if (missing.Count > 0 && cluster.Nodes.Any(n => Directory.Exists(n.DataDirectory)))
        {
            throw new UserException(
                $"{cluster.Paths.Secret(missing[0])} is lost, but the nodes have data that it opens",
                "put the file back from a copy");
        }

        foreach (var name in missing)
        {
            var secret = Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBytes))
                .TrimEnd('=').Replace('+', '-').Replace('/', '_');
            WriteIfMissing(cluster.Paths.Secret(name), secret + "\n", FilePrivate);
        }
    }

    private static string AgentYaml(LocalCluster cluster, LocalNode node, bool isRoot)
    {
        var sections = new ConfigText(
            $"The agent of node {node.Name}, made by `matriarch up`. Edit it freely, then restart the agent;",
            $"`matriarch config show --config {cluster.Paths.AgentConfig(node.Name)}` lists every setting.");
        sections.Section("cluster", ("id", cluster.Id), ("instance", cluster.Instance));
        sections.Section("node", ("name", node.Name), ("cell", node.Cell), ("directory", node.Directory));
        sections.Section("api", ("listen", new ListenAddress(Loopback, node.ApiPort).ToString()));
        sections.Section("heartbeat", ("listen", new ListenAddress(Loopback, node.HeartbeatPort).ToString()));
        sections.Section(
            "postgres",
            ("bin-directory", cluster.PostgresBin),
            ("host", Loopback),
            ("port", node.PostgresPort),
            ("os-user", isRoot ? NodesPlacement.OsUser : null));
        sections.Section("secrets", ("directory", cluster.Paths.Secrets));
        sections.Section(
            "topology", ("store", cluster.StoreAddress), ("cell-store", cluster.CellStoreOf(node.Cell)));
        if (!string.Equals(cluster.Durability, DurabilityPolicy.Majority.ToString(), StringComparison.Ordinal))
        {
            sections.Section("consensus", ("durability", cluster.Durability));
        }

        sections.Section("log", ("format", "console"));
        return sections.ToString();
    }

    private static string GatewayYaml(LocalCluster cluster)
    {
        var sections = new ConfigText(
            "The gateway, made by `matriarch up`. Edit it freely, then restart the gateway;",
            $"`matriarch config show --config {cluster.Paths.GatewayConfig}` lists every setting.");
        sections.Section("cluster", ("id", cluster.Id), ("instance", cluster.Instance));
        var cell = cluster.CellStores is null ? null : cluster.Nodes[0].Cell;
        sections.Section(
            "gateway",
            ("cell", cell),
            ("listen", new ListenAddress(cluster.Gateway.Host, cluster.Gateway.Port).ToString()),
            ("agents", string.Join(',', cluster.Nodes.Select(n => new ListenAddress(Loopback, n.ApiPort)))));
        sections.Section("api", ("listen", new ListenAddress(Loopback, cluster.Gateway.ApiPort).ToString()));
        sections.Section("secrets", ("directory", cluster.Paths.Secrets));
        sections.Section(
            "topology", ("store", cluster.StoreAddress),
            ("cell-store", cell is null ? null : cluster.CellStoreOf(cell)));
        sections.Section("log", ("format", "console"));
        return sections.ToString();
    }

    private static void MakeDirectory(string path, UnixFileMode mode)
    {
        var isNew = !Directory.Exists(path);
        Directory.CreateDirectory(path);
        if (isNew || mode == DirectoryPrivate)
        {
            File.SetUnixFileMode(path, mode); // the umask may say otherwise
        }
    }

    private static void WriteIfMissing(string path, string content, UnixFileMode? mode)
    {
        if (File.Exists(path))
        {
            return;
        }

        // A file appears whole, with its mode, or not at all.
        var beside = path + ".new";
        File.Delete(beside);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode,
        };
        using (var file = new FileStream(beside, options))
        {
            file.Write(Encoding.UTF8.GetBytes(content));
            file.Flush(flushToDisk: true);
        }

        File.Move(beside, path);
    }
}
