using System.Net.Sockets;
using Matriarch.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Matriarch.Gateway.Tests;

/// <summary>A gateway on a free port, and ways to talk to it.</summary>
internal sealed class TestGateway : IAsyncDisposable
{
    private TestGateway(GatewayHost host, FakeViews views)
    {
        Host = host;
        Views = views;
    }

    public GatewayHost Host { get; }

    public FakeViews Views { get; }

    public int Port => Host.Endpoint.Port;

    /// <summary>A gateway that knows nothing yet.</summary>
    public static async Task<TestGateway> StartAsync(
        Action<GatewayOptions>? configure = null, string? apiListen = null, string? apiToken = null)
    {
        var options = new GatewayOptions { Listen = "127.0.0.1:0" };
        configure?.Invoke(options);
        var views = new FakeViews();
        var setup = new GatewaySetup(options, "main", views, NullLoggerFactory.Instance, TimeProvider.System)
        {
            ApiListen = apiListen, ApiToken = apiToken,
        };
        return new TestGateway(await GatewayHost.StartAsync(setup, CancellationToken.None), views);
    }

    /// <summary>A gateway for which a is the primary of term 1 and b a replica with the tag olap.</summary>
    public static async Task<TestGateway> StartAsync(Servers servers, Action<GatewayOptions>? configure = null)
    {
        var gateway = await StartAsync(configure);
        gateway.PublishTerm(1, servers.A, servers.B);
        return gateway;
    }

    /// <summary>The first leads, the other follows.</summary>
    public void PublishTerm(uint term, PostgresServer primary, PostgresServer replica) => Views.Publish(
        term,
        FakeViews.Node(primary.Name, primary.Port, NodeRole.Primary),
        FakeViews.Node(replica.Name, replica.Port, NodeRole.Replica, tags: "olap"));

    public string ConnectionString(string database = "postgres", string more = "") =>
        $"Host=127.0.0.1;Port={Port};Username=postgres;Password={PostgresServer.Password};Database={database};"
        + $"Pooling=false;Timeout=20;Include Error Detail=true;{more}";

    public async Task<NpgsqlConnection> OpenAsync(string database = "postgres", string more = "")
    {
        var connection = new NpgsqlConnection(ConnectionString(database, more));
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>Runs psql through the gateway.</summary>
    public Task<string> PsqlAsync(string sql, string database = "postgres", bool mayFail = false) =>
        PostgresServer.RunAsync(
            "psql",
            ["-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", "-d",
                $"host=127.0.0.1 port={Port} user=postgres dbname='{database}'"],
            sql, mayFail);

    /// <summary>A bare connection.</summary>
    public async Task<Socket> ConnectRawAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(Host.Endpoint);
        return socket;
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
