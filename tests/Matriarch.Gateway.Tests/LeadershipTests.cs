using Matriarch.Core;
using Npgsql;

namespace Matriarch.Gateway.Tests;

/// <summary>What happens to sessions when the view changes, and when the gateway stops.</summary>
public sealed class LeadershipTests(Servers servers)
{
    [Fact]
    public async Task Sessions_of_a_primary_that_no_longer_leads_end_at_once_with_the_reason()
    {
        await using var gateway = await TestGateway.StartAsync(servers);
        await using var idle = await gateway.OpenAsync();
        await using var busy = await gateway.OpenAsync();
        var running = busy.ExecuteAsync("SELECT pg_sleep(60)");
        await Eventually.HoldsAsync(() => gateway.Host.Describe().Sessions.Open == 2, "both sessions were open");

        gateway.PublishTerm(2, servers.B, servers.A);

        var error = await Assert.ThrowsAsync<PostgresException>(() => running);
        Assert.Equal("57P01", error.SqlState);
        Assert.Equal("terminating connection: node a no longer leads term 1: node b leads term 2", error.MessageText);
        var idleError = await Assert.ThrowsAnyAsync<NpgsqlException>(() => idle.ScalarAsync("SELECT 1"));
        Assert.Equal("57P01", (idleError as PostgresException)?.SqlState ?? "57P01");
        await using var next = await gateway.OpenAsync();
        Assert.Equal("b", await next.WhereAsync());
    }

    [Fact]
    public async Task An_idle_psql_like_client_reads_the_reason_even_though_it_asked_nothing()
    {
        await using var gateway = await TestGateway.StartAsync(servers);
        await using var connection = await gateway.OpenAsync();
        gateway.Views.Publish(FakeViews.Instance(1, 1, FakeViews.Node("a", servers.A.Port, NodeRole.Replica)));
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var error = await Assert.ThrowsAsync<PostgresException>(() => connection.WaitAsync(deadline.Token));
        Assert.Equal("57P01", error.SqlState);
        Assert.Contains("no node serves as primary (term 1)", error.MessageText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Views_of_an_older_term_or_revision_and_second_primaries_are_refused()
    {
        await using var gateway = await TestGateway.StartAsync(servers);
        gateway.Views.Publish(FakeViews.Instance(3, 5, FakeViews.Node("b", servers.B.Port, NodeRole.Primary)));
        await Eventually.HoldsAsync(() => gateway.Host.Describe().View?.Term == 3, "term 3 was taken");
        await using var connection = await gateway.OpenAsync();

        gateway.Views.Publish(FakeViews.Instance(3, 4, FakeViews.Node("b", servers.B.Port, NodeRole.Replica)));
        gateway.Views.Publish(FakeViews.Instance(2, 9, FakeViews.Node("a", servers.A.Port, NodeRole.Primary)));
        gateway.Views.Publish(FakeViews.Instance(3, 6, FakeViews.Node("a", servers.A.Port, NodeRole.Primary)));
        gateway.Views.Publish(FakeViews.Instance(3, 7, FakeViews.Node("b", servers.B.Port, NodeRole.Primary)));
        await Eventually.HoldsAsync(() => gateway.Host.Describe().View?.Revision == 7, "revision 7 was taken");

        Assert.Equal("b", await connection.WhereAsync());
    }

    [Theory]
    [InlineData(NodeRole.Replica, NodeState.Unreachable, "is unreachable")]
    [InlineData(NodeRole.Primary, NodeState.Serving, "is no longer a replica")]
    public async Task Replica_sessions_end_when_their_node_is_no_replica_any_more(
        NodeRole role, NodeState state, string why)
    {
        await using var gateway = await TestGateway.StartAsync(servers);
        await using var connection = await gateway.OpenAsync("postgres@replica");
        gateway.Views.Publish(2, FakeViews.Node("b", servers.B.Port, role, state));
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var error = await Assert.ThrowsAsync<PostgresException>(() => connection.WaitAsync(deadline.Token));
        Assert.Equal("57P01", error.SqlState);
        Assert.Contains(why, error.MessageText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replica_sessions_survive_a_change_of_the_primary()
    {
        await using var gateway = await TestGateway.StartAsync(servers);
        await using var connection = await gateway.OpenAsync("postgres@replica");
        gateway.Views.Publish(
            2, FakeViews.Node("c", servers.A.Port, NodeRole.Primary),
            FakeViews.Node("b", servers.B.Port, NodeRole.Replica, NodeState.Joining));
        await Eventually.HoldsAsync(() => gateway.Host.Describe().View?.Term == 2, "term 2 was taken");
        Assert.Equal("b", await connection.WhereAsync());
    }

    [Fact]
    public async Task A_server_that_dies_is_explained_to_its_clients()
    {
        await using var gateway = await TestGateway.StartAsync(servers);
        await using var connection = await gateway.OpenAsync(more: "Application Name=doomed");
        await servers.A.ScalarAsync(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'doomed'");
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var error = await Assert.ThrowsAsync<PostgresException>(() => connection.WaitAsync(deadline.Token));
        Assert.Equal("terminating connection due to administrator command", error.MessageText);
    }

    [Fact]
    public async Task A_stopping_gateway_ends_idle_sessions_and_lets_busy_ones_finish()
    {
        await using var gateway = await TestGateway.StartAsync(servers, o => o.DrainTimeout = TimeSpan.FromSeconds(20));
        await using var idle = await gateway.OpenAsync();
        await using var busy = await gateway.OpenAsync();
        await busy.ExecuteAsync("BEGIN");
        var stopping = gateway.Host.StopAsync();

        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var error = await Assert.ThrowsAsync<PostgresException>(() => idle.WaitAsync(deadline.Token));
        Assert.Equal("57P01", error.SqlState);
        Assert.Equal(42, await busy.ScalarAsync("SELECT 42"));
        Assert.False(stopping.IsCompleted);
        await busy.ExecuteAsync("COMMIT");
        await stopping;
        await Assert.ThrowsAnyAsync<Exception>(() => gateway.OpenAsync());
    }

    [Fact]
    public async Task After_the_drain_timeout_busy_sessions_are_ended_too()
    {
        await using var gateway =
            await TestGateway.StartAsync(servers, o => o.DrainTimeout = TimeSpan.FromMilliseconds(50));
        await using var busy = await gateway.OpenAsync();
        var running = busy.ExecuteAsync("SELECT pg_sleep(60)");
        await gateway.Host.StopAsync();
        var error = await Assert.ThrowsAsync<PostgresException>(() => running);
        Assert.Equal("57P01", error.SqlState);
    }
}
