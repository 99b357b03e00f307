namespace Matriarch.Client;

/// <summary>Where everything lies in the directory of a local cluster.</summary>
/// <param name="Root">The directory, absolute, without symbolic links.</param>
public sealed record ClusterPaths(string Root)
{
    /// <summary>The environment variable that names the directory when no flag does.</summary>
    public const string DirectoryVariable = "MATRIARCH_DIR";

    /// <summary>The directory when neither flag nor environment names one.</summary>
    public const string DefaultDirectory = ".matriarch";

    /// <summary>What makes a directory a cluster: written first, removed last.</summary>
    public string ClusterFile => Path.Combine(Root, "cluster.yaml");

    /// <summary>Mode 0700.</summary>
    public string Secrets => Path.Combine(Root, "secrets");

    /// <summary>The embedded topology store, shared by all processes.</summary>
    public string Topology => Path.Combine(Root, "topology.db");

    /// <summary>The embedded stores of the cells, where they have some: <c>{cell}</c> stands for the cell.</summary>
    public string CellTopology => Path.Combine(Root, "topology-{cell}.db");

    /// <summary>The agents' configurations.</summary>
    public string Agents => Path.Combine(Root, "agents");

    /// <summary>The gateway's configuration.</summary>
    public string GatewayConfig => Path.Combine(Root, "gateway.yaml");

    /// <summary>The nodes' directories, unless PostgreSQL's user cannot get here.</summary>
    public string Nodes => Path.Combine(Root, "nodes");

    /// <summary>The processes' logs.</summary>
    public string Logs => Path.Combine(Root, "log");

    /// <summary>Process ids, and the lock of commands that start or stop.</summary>
    public string Run => Path.Combine(Root, "run");

    /// <summary>Held by the command that starts or stops the cluster.</summary>
    public string LockFile => Path.Combine(Run, "lock");

    /// <summary>One secret, mode 0600.</summary>
    public string Secret(string name) => Path.Combine(Secrets, name);

    /// <summary>An agent's configuration.</summary>
    public string AgentConfig(string node) => Path.Combine(Agents, node + ".yaml");

    /// <summary>A process's log; <paramref name="process"/> is <c>agent-a</c> or <c>gateway</c>.</summary>
    public string Log(string process) => Path.Combine(Logs, process + ".log");

    /// <summary>A process's id file; <paramref name="process"/> is <c>agent-a</c> or <c>gateway</c>.</summary>
    public string PidFile(string process) => Path.Combine(Run, process + ".pid");

    /// <summary>
    /// The directory that a command means: the flag, else the environment variable, else <c>.matriarch</c> here. It
    /// need not exist; symbolic links are followed, so that one cluster has one name.
    /// </summary>
    public static ClusterPaths Find(string? flag, string? environment)
    {
        var chosen = !string.IsNullOrEmpty(flag) ? flag
            : !string.IsNullOrEmpty(environment) ? environment
            : DefaultDirectory;
        return new ClusterPaths(RealPath(Path.TrimEndingDirectorySeparator(Path.GetFullPath(chosen))));
    }

    private static string RealPath(string path)
    {
        var parent = Path.GetDirectoryName(path);
        if (parent is null)
        {
            return path;
        }

        var here = Path.Combine(RealPath(parent), Path.GetFileName(path));
        var link = new DirectoryInfo(here);
        return link.LinkTarget is null || link.ResolveLinkTarget(returnFinalTarget: true) is not { } target
            ? here
            : RealPath(Path.TrimEndingDirectorySeparator(target.FullName));
    }
}
