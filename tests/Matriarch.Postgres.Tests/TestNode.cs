using System.Collections.Immutable;
using Matriarch.Core;
using Matriarch.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Matriarch.Postgres.Tests;

/// <summary>One real server in a directory of its own, stopped and removed at the end.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    public static readonly ServerSecrets Secrets = new("super-secret-Pw:\\1", "repl-secret-Pw:\\2");
    public static readonly CancellationToken None = CancellationToken.None;
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private readonly TestDirectory _directory;
    private readonly PostgresInstallation _installation;

    private TestNode(TestDirectory directory, PostgresInstallation installation, PostgresOptions options, string name)
    {
        _directory = directory;
        _installation = installation;
        Options = options;
        Name = new NodeId(name);
        Server = NewServer();
    }

    public NodeId Name { get; }

    public PostgresOptions Options { get; }

    public PostgresServer Server { get; private set; }

    public ServerPaths Paths => Server.Paths;

    public static Rule FirstRule(params string[] nodes)
    {
        var voters = nodes.Select((n, i) => new Voter(new NodeId(n), new Incarnation((ulong)i + 1))).ToImmutableArray();
        return new Rule(Term.First, 0, voters[0].Node, voters, DurabilityPolicy.Majority);
    }

    /// <summary>Without data.</summary>
    public static async Task<TestNode> EmptyAsync(string name, string binDirectory = "")
    {
        var directory = await TestDirectory.CreateAsync();
        var installation = await PostgresInstallation.FindAsync(binDirectory, TestTime.Real, None);
        var options = new PostgresOptions { Port = FreePorts.Take() };
        options.Parameters["shared_buffers"] = "16MB";
        var node = new TestNode(directory, installation, options, name);
        await node.Server.PrepareAsync(None);
        return node;
    }

    /// <summary>With a copy of the template's data: all clones are of one instance, as if by a base backup.</summary>
    public static async Task<TestNode> CloneAsync(DataTemplate template, string name)
    {
        var node = await EmptyAsync(name);
        await TestProcess.RunAsync("cp", "-a", template.Data, node.Paths.Data);
        return node;
    }

    /// <summary>A clone that runs and follows nobody.</summary>
    public static async Task<TestNode> StartAsync(DataTemplate template, string name)
    {
        var node = await CloneAsync(template, name);
        await node.StartAsync();
        return node;
    }

    /// <summary>A clone that is the primary of this timeline.</summary>
    public static async Task<TestNode> PrimaryAsync(DataTemplate template, string name, uint timeline)
    {
        var node = await StartAsync(template, name);
        await node.PromoteAsync(timeline);
        return node;
    }

    public Upstream AsUpstream(uint term) => new(Name, "127.0.0.1", Options.Port, new Term(term));

    public async Task<int> StartAsync(Upstream? upstream = null) =>
        Assert.IsType<StartOutcome.Running>(await Server.StartAsync(upstream, null, None)).PostmasterPid;

    public async Task<TimeSpan> PromoteAsync(uint timeline) =>
        Assert.IsType<PromoteOutcome.Promoted>(await Server.PromoteAsync(new Timeline(timeline), Soon, None)).Elapsed;

    public async Task<WalPosition> DetachAsync() =>
        Assert.IsType<DetachOutcome.Detached>(await Server.DetachAsync(Soon, None)).Position;

    public async Task<WalPosition> PositionAsync() =>
        await Server.ReadPositionAsync(None) ?? throw new InvalidOperationException("no position");

    public async Task FollowAsync(TestNode upstream, uint term)
    {
        Assert.IsType<ServerOutcome.Done>(
            await upstream.Server.EnsureSlotsAsync([Name], None));
        var decided = Assert.IsType<RejoinDecision.CanFollow>(
            await Server.DecideRejoinAsync(upstream.AsUpstream(term), null, None));
        Assert.IsType<ServerOutcome.Done>(await Server.FollowAsync(upstream.AsUpstream(term), decided, None));
        await StreamsFromAsync(upstream);
    }

    public string DynamicConfiguration() => File.ReadAllText(Path.Combine(Paths.Data, "matriarch.conf"));

    public Task StreamsFromAsync(TestNode upstream) => Eventually.HoldsAsync(
        $"{Name} streams from {upstream.Name}",
        async () => (await SnapshotAsync()).WalReceiver is { IsStreaming: true } receiver
            && receiver.SenderPort == upstream.Options.Port);

    public Task CatchesUpAsync(Lsn lsn) => Eventually.HoldsAsync(
        $"{Name} replays to {lsn}", async () => (await SnapshotAsync()).ReplayLsn >= lsn);

    public async Task<ServerSnapshot> SnapshotAsync() =>
        Assert.IsType<Observation.Seen>(await Server.ObserveAsync(None)).Snapshot;

    /// <summary>What a new agent process would make of the same directory.</summary>
    public async Task RestartAgentAsync()
    {
        await Server.DisposeAsync();
        Server = NewServer();
    }

    public PostgresServer NewServer() => new(
        _installation, Options, Name, _directory.Path, Secrets, TestTime.Real, NullLogger<PostgresServer>.Instance);

    public async Task<NpgsqlConnection> ConnectAsync()
    {
        var text = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1", Port = Options.Port, Username = "postgres", Database = "postgres",
            Password = Secrets.SuperuserPassword, Pooling = false,
        };
        var connection = new NpgsqlConnection(text.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    public async Task<object?> SqlAsync(string sql)
    {
        await using var connection = await ConnectAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Server.StopAsync(ShutdownMode.Immediate, Soon);
        await Server.DisposeAsync();
        await _directory.DisposeAsync();
    }
}
