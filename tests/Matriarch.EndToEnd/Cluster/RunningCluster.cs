using System.Globalization;
using System.Text.Json;
using Matriarch.Client;
using Matriarch.Core;
using Matriarch.TestKit;
using Npgsql;

namespace Matriarch.EndToEnd;

/// <summary>
/// A cluster made by <c>matriarch up</c> in a directory of its own, and gone without a trace at the end.
/// </summary>
internal sealed class RunningCluster : IAsyncDisposable
{
    private const int KillSignal = 9;

    private readonly string _parent;

    private RunningCluster(string parent, int port)
    {
        _parent = parent;
        Root = Path.Combine(parent, "cluster");
        Port = port;
    }

    /// <summary>--dir.</summary>
    public string Root { get; }

    /// <summary>--port.</summary>
    public int Port { get; }

    /// <summary>Through the gateway, without a pool: each connection is a new one.</summary>
    public string ConnectionString => Connection("postgres");

    /// <summary>Makes and starts one.</summary>
    public static async Task<RunningCluster> UpAsync(params string[] flags)
    {
        var parent = Directory.CreateTempSubdirectory("matriarch-e2e-").FullName;
        // PostgreSQL's own user has to reach what lies inside.
        File.SetUnixFileMode(parent, (UnixFileMode)Convert.ToInt32("755", 8));
        var cluster = new RunningCluster(parent, FreePorts.Take());
        try
        {
            await cluster.ResumeAsync(flags);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Through the gateway to a database, or with a suffix such as <c>postgres@replica</c>.</summary>
    public string Connection(string database) => Connection(Port, database);

    /// <summary>To a node's PostgreSQL, with nothing in between.</summary>
    public string Direct(NodeStatus node) => Connection(node.Port, "postgres");

    private string Connection(int port, string database)
    {
        var password = File.ReadAllText(Path.Combine(Root, "secrets", SecretNames.SuperuserPassword)).Trim();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Host=127.0.0.1;Port={port};Username=postgres;Password={password};Database={database};Pooling=false;" +
            $"Timeout=10;Command Timeout=15;SSL Mode=Disable");
    }

    /// <summary>Starts it again with the data that it has.</summary>
    public async Task<CommandResult> ResumeAsync(params string[] flags) => (await MatriarchProgram.RunAsync(
        ["up", "--dir", Root, "--port", Port.ToString(CultureInfo.InvariantCulture), "--detach", .. flags])).Expect();

    /// <summary>Runs a command on this cluster.</summary>
    public Task<CommandResult> RunAsync(params string[] arguments) =>
        MatriarchProgram.RunAsync([.. arguments, "--dir", Root]);

    /// <summary>The instance as <c>status --output json</c> shows it.</summary>
    public async Task<InstanceStatus> StatusAsync()
    {
        var result = (await RunAsync("status", "--output", "json")).Expect();
        return JsonSerializer.Deserialize(result.Output, ApiJson.Default.StatusDocument)!.Instances[0];
    }

    /// <summary>The entry of the serving primary.</summary>
    public async Task<NodeStatus> PrimaryAsync()
    {
        var status = await StatusAsync();
        return status.Nodes.Single(n => n.Name == status.Primary);
    }

    /// <summary>Waits until one node serves and all others stream.</summary>
    public Task IsHealthyAsync(int nodes = 3) => Eventually.HoldsAsync(
        $"one primary and {nodes - 1} streaming replicas",
        async () =>
        {
            var status = await StatusAsync();
            return status.Nodes.Count == nodes
                && status.Nodes.Count(n => n.State == NodeState.Serving) == 1
                && status.Nodes.Count(n => n.State == NodeState.Streaming) == nodes - 1
                && status.Durability.Contains($"of {nodes})", StringComparison.Ordinal);
        },
        TimeSpan.FromSeconds(90));

    /// <summary>Waits until a node serves in a term above this one.</summary>
    public Task IsServedAboveAsync(long term) => Eventually.HoldsAsync(
        $"a primary in a term above {term}",
        async () => await StatusAsync() is { Primary: not null } status && status.Term > term,
        TimeSpan.FromSeconds(60));

    /// <summary>One value of one query on a new connection.</summary>
    public static async Task<T> QueryAsync<T>(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>kill -9 of a process of this cluster.</summary>
    public static void Kill(int pid) => Signals.Send(pid, KillSignal);

    public async ValueTask DisposeAsync()
    {
        if (Directory.Exists(Root))
        {
            (await RunAsync("down", "--destroy", "--yes")).Expect();
        }

        Directory.Delete(_parent, recursive: true);
    }
}
