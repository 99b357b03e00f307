using Matriarch.Core;
using Matriarch.Topology;
using Microsoft.Extensions.Logging.Abstractions;

namespace Matriarch.Gateway.Tests;

/// <summary>The gateway on a real topology store.</summary>
public sealed class TopologyViewsTests(Servers servers)
{
    [Fact]
    public async Task Clients_follow_what_agents_publish_in_the_store()
    {
        var directory = Directory.CreateTempSubdirectory("matriarch-gateway-store-").FullName;
        try
        {
            await using var store = await TopologyStores.OpenAsync(
                new TopologyOptions { Store = $"sqlite:{directory}/topology.db" }, "test", TimeProvider.System,
                NullLoggerFactory.Instance, CancellationToken.None);
            await using var views = new TopologyViews(store, NullLoggerFactory.Instance);
            var setup = new GatewaySetup(
                new GatewayOptions { Listen = "127.0.0.1:0" }, "main", views, NullLoggerFactory.Instance,
                TimeProvider.System);
            await using var host = await GatewayHost.StartAsync(setup, CancellationToken.None);
            var opening = OpenAsync(host);

            var agents = new InstanceDirectory(store, "main");
            await agents.RegisterNodeAsync(Record("a", servers.A.Port, NodeRole.Primary), CancellationToken.None);
            await agents.RegisterNodeAsync(Record("b", servers.B.Port, NodeRole.Replica), CancellationToken.None);
            await agents.PublishLeadershipAsync(
                new LeadershipRecord(new Term(1), 0, new NodeId("a")), CancellationToken.None);
            await using var first = await opening;
            Assert.Equal("a", await first.WhereAsync());

            await agents.RegisterNodeAsync(Record("b", servers.B.Port, NodeRole.Primary), CancellationToken.None);
            await agents.PublishLeadershipAsync(
                new LeadershipRecord(new Term(2), 0, new NodeId("b")), CancellationToken.None);
            await Eventually.HoldsAsync(() => host.Describe().View?.Primary == "b", "the view followed the store");
            await using var second = await OpenAsync(host);
            Assert.Equal("b", await second.WhereAsync());
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static NodeRecord Record(string name, int port, NodeRole role) => new(
        new NodeId(name), "cell", "127.0.0.1", port, "http://127.0.0.1:1", "127.0.0.1:1", new Incarnation(1), false,
        [], role,
        role == NodeRole.Primary ? NodeState.Serving : NodeState.Streaming, 0, true);

    private static async Task<Npgsql.NpgsqlConnection> OpenAsync(GatewayHost host)
    {
        var connection = new Npgsql.NpgsqlConnection(
            $"Host=127.0.0.1;Port={host.Endpoint.Port};Username=postgres;Password={PostgresServer.Password};"
            + "Pooling=false;Timeout=20");
        await connection.OpenAsync();
        return connection;
    }
}
