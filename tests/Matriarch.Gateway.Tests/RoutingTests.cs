using Matriarch.Core;
using Matriarch.Wire;
using Npgsql;

namespace Matriarch.Gateway.Tests;

/// <summary>Which node a client reaches, by the name of its database and by the view.</summary>
public sealed class RoutingTests(Servers servers)
{
    [Theory]
    [InlineData("postgres", "a")]
    [InlineData("postgres@primary", "a")]
    [InlineData("postgres@replica", "b")]
    [InlineData("postgres@olap", "b")]
    public async Task The_suffix_of_the_database_name_chooses_the_node(string database, string expected)
    {
        await using var gateway = await TestGateway.StartAsync(servers);
        await using var connection = await gateway.OpenAsync(database);
        Assert.Equal(expected, await connection.WhereAsync());
        Assert.Equal("postgres", await connection.ScalarAsync("SELECT current_database()"));
    }

    [Fact]
    public async Task A_database_whose_own_name_has_an_at_sign_is_reached_with_a_suffix()
    {
        await servers.A.ScalarAsync("CREATE DATABASE \"odd@name\"");
        await using var gateway = await TestGateway.StartAsync(servers);
        await using var connection = await gateway.OpenAsync("odd@name@primary");
        Assert.Equal("odd@name", await connection.ScalarAsync("SELECT current_database()"));
    }

    [Fact]
    public async Task An_unknown_suffix_is_refused_with_the_known_ones()
    {
        await using var gateway = await TestGateway.StartAsync(servers);
        var error = await Assert.ThrowsAsync<PostgresException>(() => gateway.OpenAsync("postgres@nosuch"));
        Assert.Equal("3D000", error.SqlState);
        Assert.Contains("\"nosuch\"", error.MessageText, StringComparison.Ordinal);
        Assert.Contains("@primary, @replica, @olap", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replica_sessions_spread_over_the_least_used_streaming_nodes()
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Views.Publish(
            1,
            FakeViews.Node("p", PostgresServer.FreePort(), NodeRole.Primary),
            FakeViews.Node("a", servers.A.Port, NodeRole.Replica),
            FakeViews.Node("b", servers.B.Port, NodeRole.Replica),
            FakeViews.Node("c", PostgresServer.FreePort(), NodeRole.Replica, NodeState.Joining));
        var connections =
            await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => gateway.OpenAsync("postgres@replica")));
        var where = await Task.WhenAll(connections.Select(c => c.WhereAsync()));
        Assert.Equal(5, where.Count(w => w == "a"));
        Assert.Equal(5, where.Count(w => w == "b"));
        foreach (var connection in connections)
        {
            await connection.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_client_is_held_until_a_primary_appears()
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Views.Publish(1, FakeViews.Node("a", servers.A.Port, NodeRole.Replica));
        var opening = gateway.OpenAsync();
        await Eventually.HoldsAsync(() => gateway.Host.Describe().Sessions.Held == 1, "the client was held");
        gateway.PublishTerm(2, servers.A, servers.B);
        await using var connection = await opening;
        Assert.Equal("a", await connection.WhereAsync());
        Assert.Equal(0, gateway.Host.Describe().Sessions.Held);
    }

    [Fact]
    public async Task A_held_client_that_leaves_gives_its_place_back()
    {
        await using var gateway = await TestGateway.StartAsync();
        using (var client = await gateway.ConnectRawAsync())
        {
            await client.SendAsync(Startup.Packet());
            await Eventually.HoldsAsync(() => gateway.Host.Describe().Sessions.Held == 1, "the client was held");
        }

        await Eventually.HoldsAsync(() => gateway.Host.Describe().Sessions.Held == 0, "its place was given back");
    }

    [Fact]
    public async Task Without_a_primary_the_refusal_names_what_is_missing()
    {
        await using var gateway = await TestGateway.StartAsync(o => o.WaitForPrimary = TimeSpan.FromMilliseconds(100));
        gateway.Views.Publish(4, FakeViews.Node("a", servers.A.Port, NodeRole.Replica, NodeState.Detached));
        var error = await Assert.ThrowsAsync<PostgresException>(() => gateway.OpenAsync());
        Assert.Equal("57P03", error.SqlState);
        Assert.Equal("instance \"main\" has no serving primary (term 4)", error.MessageText);
        Assert.Equal("Nodes: a detached.", error.Detail);
    }

    /// <summary>The runtime reports a socket readable too often; that must not be taken for the client's end.</summary>
    [Fact]
    public async Task Every_held_client_gets_its_refusal()
    {
        await using var gateway = await TestGateway.StartAsync(o => o.WaitForPrimary = TimeSpan.FromMilliseconds(30));
        gateway.Views.Publish(4, FakeViews.Node("a", servers.A.Port, NodeRole.Replica, NodeState.Detached));
        for (var round = 0; round < 10; round++)
        {
            var farewells = await Task.WhenAll(Enumerable.Range(0, 30).Select(async _ =>
            {
                using var client = await gateway.ConnectRawAsync();
                await client.SendAsync(StartupRequests.Ssl());
                await client.ReceiveAsync(new byte[1]);
                await client.SendAsync(Startup.Packet());
                return (await client.ReadFarewellAsync()).SqlState;
            }));
            Assert.All(farewells, state => Assert.Equal("57P03", state));
        }
    }

    [Fact]
    public async Task More_clients_than_may_wait_are_refused()
    {
        await using var gateway = await TestGateway.StartAsync(o => o.MaxHeldClients = 1);
        using var first = await gateway.ConnectRawAsync();
        await first.SendAsync(Startup.Packet());
        await Eventually.HoldsAsync(() => gateway.Host.Describe().Sessions.Held == 1, "the client was held");
        var error = await Assert.ThrowsAsync<PostgresException>(() => gateway.OpenAsync());
        Assert.Equal("53300", error.SqlState);
    }

    [Fact]
    public async Task A_node_that_refuses_is_tried_again_until_the_view_names_a_better_one()
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Views.Publish(1, FakeViews.Node("a", PostgresServer.FreePort(), NodeRole.Primary));
        var opening = gateway.OpenAsync();
        await Eventually.HoldsAsync(() => gateway.Host.Describe().Sessions.Held == 1, "the client was held");
        gateway.PublishTerm(2, servers.B, servers.A);
        await using var connection = await opening;
        Assert.Equal("b", await connection.WhereAsync());
    }

    [Fact]
    public async Task A_node_that_is_starting_or_closes_at_once_is_tried_again_under_the_same_view()
    {
        await using var gateway = await TestGateway.StartAsync();
        await using var node = new StartingNode(servers.A.Port);
        gateway.Views.Publish(1, FakeViews.Node("a", node.Port, NodeRole.Primary));
        await using var connection = await gateway.OpenAsync();
        Assert.Equal("a", await connection.WhereAsync());
        Assert.Equal(3, node.Attempts);
    }

    [Fact]
    public async Task A_silent_node_is_given_up_as_soon_as_another_leads()
    {
        await using var gateway = await TestGateway.StartAsync(o => o.ConnectTimeout = TimeSpan.FromMinutes(1));
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        gateway.Views.Publish(
            1, FakeViews.Node("a", ((System.Net.IPEndPoint)silent.LocalEndpoint).Port, NodeRole.Primary));
        var opening = gateway.OpenAsync();
        using var accepted = await silent.AcceptSocketAsync();
        gateway.PublishTerm(2, servers.B, servers.A);
        await using var connection = await opening;
        Assert.Equal("b", await connection.WhereAsync());
    }

    [Fact]
    public async Task Replicas_beyond_the_lag_bound_get_no_session()
    {
        await using var gateway = await TestGateway.StartAsync(o =>
        {
            o.MaxLagBytes = 1000;
            o.WaitForPrimary = TimeSpan.FromMilliseconds(50);
        });
        gateway.Views.Publish(
            1,
            FakeViews.Node("a", servers.A.Port, NodeRole.Replica, lag: 5000),
            FakeViews.Node("b", servers.B.Port, NodeRole.Replica, lag: null));
        var error = await Assert.ThrowsAsync<PostgresException>(() => gateway.OpenAsync("postgres@replica"));
        Assert.Equal("57P03", error.SqlState);
        Assert.Contains("at most 1000 bytes behind", error.MessageText, StringComparison.Ordinal);
    }
}
