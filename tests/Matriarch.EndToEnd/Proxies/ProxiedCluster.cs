using System.Globalization;
using System.Text.RegularExpressions;
using Matriarch.Client;
using Matriarch.TestKit;

namespace Matriarch.EndToEnd;

/// <summary>
/// A cluster with HAProxy and, on top of it, PgBouncer, both run from the files in <c>deploy</c>; only addresses, ports
/// and paths are replaced. The database is <c>app</c>, as there.
/// </summary>
internal sealed partial class ProxiedCluster : IAsyncDisposable
{
    private readonly TestDirectory _files;
    private readonly int _primaryPort = FreePorts.Take();
    private readonly int _replicaPort = FreePorts.Take();
    private readonly int _poolPort = FreePorts.Take();
    private readonly string _password;
    private ProxyProgram? _haproxy;
    private ProxyProgram? _pgbouncer;

    private ProxiedCluster(RunningCluster cluster, TestDirectory files)
    {
        (Cluster, _files) = (cluster, files);
        Local = LocalCluster.Open(new ClusterPaths(cluster.Root));
        _password = Local.ReadSecret(SecretNames.SuperuserPassword);
    }

    public RunningCluster Cluster { get; }

    /// <summary>Where its nodes are.</summary>
    public LocalCluster Local { get; }

    /// <summary>HAProxy's port of the primary.</summary>
    public string Primary => Connection(_primaryPort, "app");

    /// <summary>HAProxy's port of the replicas.</summary>
    public string Replicas => Connection(_replicaPort, "app");

    /// <summary>PgBouncer, then HAProxy, then the primary.</summary>
    public string PooledPrimary => Connection(_poolPort, "app");

    /// <summary>PgBouncer, then HAProxy, then a replica.</summary>
    public string PooledReplica => Connection(_poolPort, "app_ro");

    /// <summary>One node, with nothing in between.</summary>
    public string Node(LocalNode node) => Connection(node.PostgresPort, "app");

    /// <summary>Starts all of it.</summary>
    public static async Task<ProxiedCluster> UpAsync()
    {
        var (haproxy, pgbouncer) = (ProxyProgram.Find("haproxy"), ProxyProgram.Find("pgbouncer"));
        var files = await TestDirectory.CreateAsync();
        var all = new ProxiedCluster(await RunningCluster.UpAsync(), files);
        try
        {
            await all.Cluster.IsHealthyAsync();
            await TestSql.RunAsync(all.Cluster.ConnectionString, "create database app");
            await all.StartAsync(haproxy, pgbouncer);
            return all;
        }
        catch
        {
            await all.DisposeAsync();
            throw;
        }
    }

    /// <summary>What the two have printed, for a failed test.</summary>
    public string Said => $"HAProxy: {_haproxy?.Said}\nPgBouncer: {_pgbouncer?.Said}";

    public async ValueTask DisposeAsync()
    {
        if (_pgbouncer is not null)
        {
            await _pgbouncer.DisposeAsync();
        }

        if (_haproxy is not null)
        {
            await _haproxy.DisposeAsync();
        }

        await Cluster.DisposeAsync();
        await _files.DisposeAsync();
    }

    private async Task StartAsync(string haproxy, string pgbouncer)
    {
        await File.WriteAllTextAsync(_files["haproxy.cfg"], HaproxyConfiguration());
        await File.WriteAllTextAsync(_files["pgbouncer.ini"], PgbouncerConfiguration());
        await File.WriteAllTextAsync(_files["userlist.txt"], $"\"postgres\" \"{_password}\"\n");
        await TestProcess.RunAsync(haproxy, "-c", "-f", _files["haproxy.cfg"]);
        _haproxy = ProxyProgram.Start(haproxy, "-db", "-f", _files["haproxy.cfg"]);
        string[] asUser = IsRoot ? ["-u", TestProcess.PostgresUser] : []; // it refuses to run as root
        _pgbouncer = ProxyProgram.Start(pgbouncer, [.. asUser, _files["pgbouncer.ini"]]);
    }

    private static bool IsRoot => Environment.UserName == "root";

    private string HaproxyConfiguration()
    {
        var text = Shipped("haproxy/haproxy.cfg");
        text = Replaced(text, "bind :5000", Invariant($"bind 127.0.0.1:{_primaryPort}"));
        text = Replaced(text, "bind :5001", Invariant($"bind 127.0.0.1:{_replicaPort}"));
        foreach (var node in Local.Nodes)
        {
            text = ServerLine(node.Name).Replace(
                text, Invariant($"server {node.Name} 127.0.0.1:{node.PostgresPort} check port {node.ApiPort}"));
        }

        Assert.DoesNotContain("10.0.0.", text, StringComparison.Ordinal);
        return IsRoot ? text : UserLine().Replace(text, ""); // only root can change to it
    }

    private string PgbouncerConfiguration()
    {
        var text = Shipped("pgbouncer/pgbouncer.ini");
        text = Replaced(text, "port=5000", Invariant($"port={_primaryPort}"));
        text = Replaced(text, "port=5001", Invariant($"port={_replicaPort}"));
        text = Replaced(text, "listen_port = 6432", Invariant($"listen_port = {_poolPort}"));
        return Replaced(text, "/etc/pgbouncer/userlist.txt", _files["userlist.txt"]);
    }

    private string Connection(int port, string database) => Invariant(
        $"Host=127.0.0.1;Port={port};Username=postgres;Password={_password};Database={database};Pooling=false;") +
        "Timeout=10;Command Timeout=15;SSL Mode=Disable;Server Compatibility Mode=NoTypeLoading";

    private static string Replaced(string text, string old, string with)
    {
        Assert.Contains(old, text, StringComparison.Ordinal);
        return text.Replace(old, with, StringComparison.Ordinal);
    }

    private static string Shipped(string path)
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Matriarch.slnx")))
            {
                return File.ReadAllText(Path.Combine(at.FullName, "deploy", path));
            }
        }

        throw new FileNotFoundException("the tests do not run inside a clone", path);
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static Regex ServerLine(string name) => new(
        $@"server {name} \S+ check port \d+", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        TimeSpan.FromSeconds(1));

    [GeneratedRegex(@"^ +(user|group) .*$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex UserLine();
}
