using Matriarch.Core;
using Npgsql;

namespace Matriarch.Gateway.Tests;

/// <summary>
/// Reads from replicas within a bound on how old their data may be. Servers a and b stand for two replicas, each with
/// an agent that says how stale it is; the primary p is out of reach.
/// </summary>
public sealed class StalenessTests(Servers servers) : IAsyncLifetime
{
    private const string Replica = "postgres@replica";
    private FakeAgent _a = null!;
    private FakeAgent _b = null!;

    public async ValueTask InitializeAsync()
    {
        _a = await FakeAgent.StartAsync("a");
        _b = await FakeAgent.StartAsync("b");
    }

    public async ValueTask DisposeAsync()
    {
        await _a.DisposeAsync();
        await _b.DisposeAsync();
    }

    [Theory]
    [InlineData(NodeState.Streaming)]
    [InlineData(NodeState.Joining)]
    public async Task A_replica_that_is_fresh_enough_serves_also_without_its_leader(NodeState state)
    {
        _a.Staleness = 3;
        await using var gateway = await StartAsync(state, bound: 3600);
        await using var connection = await gateway.OpenAsync(Replica);
        Assert.Equal("a", await connection.WhereAsync());
    }

    [Fact]
    public async Task Without_a_bound_only_a_replica_that_streams_serves_and_nobody_is_asked_how_stale_it_is()
    {
        _a.Staleness = 0;
        await using var gateway = await StartAsync(NodeState.Joining, bound: 0);
        var error = await Assert.ThrowsAsync<PostgresException>(() => gateway.OpenAsync(Replica));
        Assert.Equal("57P03", error.SqlState);
        Assert.Contains("no streaming replica", error.MessageText, StringComparison.Ordinal);
        Assert.Equal(0, _a.StalenessAsked);
    }

    [Fact]
    public async Task Beyond_the_bound_new_sessions_are_refused_with_how_stale_the_replicas_are()
    {
        _a.Staleness = 1234.5;
        await using var gateway = await StartAsync(NodeState.Streaming, bound: 60);
        await IsKnownAsync(gateway, "a", s => s >= 1234);
        var error = await Assert.ThrowsAsync<PostgresException>(() => gateway.OpenAsync(Replica));
        Assert.Equal("57P03", error.SqlState);
        Assert.Matches(
            "^instance \"main\" has no replica that is at most 60 s stale: a is 123[4-9](\\.\\d)? s stale$",
            error.MessageText);
    }

    [Fact]
    public async Task A_replica_whose_agent_does_not_know_or_does_not_answer_counts_as_too_stale()
    {
        _a.Staleness = null;
        await using var gateway = await StartAsync(NodeState.Streaming, bound: 60);
        var error = await Assert.ThrowsAsync<PostgresException>(() => gateway.OpenAsync(Replica));
        Assert.EndsWith(": how stale a is, is not known", error.MessageText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_waits_goes_on_as_soon_as_a_replica_is_fresh_enough()
    {
        _a.Staleness = 1000;
        await using var gateway = await StartAsync(
            NodeState.Streaming, bound: 60, o => o.WaitForPrimary = TimeSpan.FromSeconds(30));
        var opening = gateway.OpenAsync(Replica);
        await Eventually.HoldsAsync(() => gateway.Host.Describe().Sessions.Held == 1, "the client was held");
        _a.Staleness = 1;
        await using var connection = await opening;
        Assert.Equal("a", await connection.WhereAsync());
    }

    [Fact]
    public async Task A_session_goes_on_to_the_end_of_its_transaction_and_begins_no_other_on_a_stale_replica()
    {
        _a.Staleness = 0;
        await using var gateway = await StartAsync(NodeState.Streaming, bound: 60);
        await using var idle = await gateway.OpenAsync(Replica);
        await using var busy = await gateway.OpenAsync(Replica);
        var transaction = await busy.BeginTransactionAsync();
        Assert.Equal("a", await busy.WhereAsync());
        _a.Staleness = 1000;
        await IsKnownAsync(gateway, "a", s => s >= 1000);

        Assert.Equal("a", await busy.WhereAsync());
        await transaction.CommitAsync();
        foreach (var session in new[] { busy, idle })
        {
            var error = await Assert.ThrowsAsync<PostgresException>(() => session.WhereAsync());
            Assert.Equal("57P01", error.SqlState);
            Assert.StartsWith("terminating connection: a is 100", error.MessageText, StringComparison.Ordinal);
            Assert.Contains("at most 60 s stale", error.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_session_that_idles_while_its_replica_is_stale_for_a_while_goes_on()
    {
        _a.Staleness = 0;
        await using var gateway = await StartAsync(NodeState.Streaming, bound: 60);
        await using var idle = await gateway.OpenAsync(Replica);
        _a.Staleness = 1000;
        await IsKnownAsync(gateway, "a", s => s >= 1000);
        _a.Staleness = 0;
        await IsKnownAsync(gateway, "a", s => s < 60);
        Assert.Equal("a", await idle.WhereAsync());
    }

    [Fact]
    public async Task An_agent_that_is_frozen_makes_its_replica_older_by_the_gateways_own_clock()
    {
        _a.Staleness = 0;
        await using var gateway = await StartAsync(NodeState.Streaming, bound: 1);
        await using var session = await gateway.OpenAsync(Replica);
        _a.IsFrozen = true;
        await IsKnownAsync(gateway, "a", s => s > 1);
        Assert.Equal("57P01", (await Assert.ThrowsAsync<PostgresException>(() => session.WhereAsync())).SqlState);
    }

    [Fact]
    public async Task A_session_that_begins_asks_again_so_that_a_server_that_has_just_started_anew_is_not_read()
    {
        _a.Staleness = 0;
        await using var gateway = await StartAsync(
            NodeState.Streaming, bound: 86_400, o => o.WaitForPrimary = TimeSpan.FromMilliseconds(300));
        await IsKnownAsync(gateway, "a", s => s < 60);
        _a.Staleness = null; // what the gateway knows is up to a second old
        var error = await Assert.ThrowsAsync<PostgresException>(() => gateway.OpenAsync(Replica));
        Assert.Equal("57P03", error.SqlState);
        Assert.Contains("how stale a is, is not known", error.MessageText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_that_does_not_answer_keeps_nobody_from_a_replica_that_was_fresh_a_moment_ago()
    {
        _a.Staleness = 0;
        await using var gateway = await StartAsync(NodeState.Streaming, bound: 3600);
        await IsKnownAsync(gateway, "a", s => s < 60);
        _a.IsFrozen = true;
        await using var connection = await gateway.OpenAsync(Replica);
        Assert.Equal("a", await connection.WhereAsync());
    }

    [Fact]
    public async Task The_replicas_of_the_gateways_own_cell_go_first_and_those_of_others_where_they_are_too_stale()
    {
        (_a.Staleness, _b.Staleness) = (0, 0);
        await using var gateway = await StartAsync(NodeState.Streaming, bound: 60, o => o.Cell = "cell_b", both: true);
        await IsKnownAsync(gateway, "a", s => s < 60);
        await IsKnownAsync(gateway, "b", s => s < 60);
        for (var i = 0; i < 4; i++)
        {
            await using var near = await gateway.OpenAsync(Replica);
            Assert.Equal("b", await near.WhereAsync());
        }

        _b.Staleness = 1000;
        await IsKnownAsync(gateway, "b", s => s >= 1000);
        await using var far = await gateway.OpenAsync(Replica);
        Assert.Equal("a", await far.WhereAsync());
    }

    [Fact]
    public async Task A_bound_needs_a_token_to_ask_the_agents_with()
    {
        var refusal = await Assert.ThrowsAsync<UserException>(() => TestGateway.StartAsync(
            o => o.MaxReplicaStaleness = TimeSpan.FromSeconds(5)));
        Assert.StartsWith("gateway.max-replica-staleness: ", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(0.5, false)]
    [InlineData(1, true)]
    [InlineData(86_400, true)]
    [InlineData(86_401, false)]
    [InlineData(-1, false)]
    public void The_bound_is_none_or_from_a_second_to_a_day(double seconds, bool isValid) => Assert.Equal(
        isValid,
        !new GatewayOptions { MaxReplicaStaleness = TimeSpan.FromSeconds(seconds) }.Validate().Any());

    private async Task<TestGateway> StartAsync(
        NodeState state, double bound, Action<GatewayOptions>? configure = null, bool both = false)
    {
        var gateway = await TestGateway.StartAsync(
            o =>
            {
                o.MaxReplicaStaleness = TimeSpan.FromSeconds(bound);
                o.WaitForPrimary = TimeSpan.FromSeconds(2);
                configure?.Invoke(o);
            },
            apiToken: FakeAgent.Token);
        var primary = FakeViews.Node("p", PostgresServer.FreePort(), NodeRole.Primary);
        var a = FakeViews.Node("a", servers.A.Port, NodeRole.Replica, state) with { Api = _a.Address };
        var b = FakeViews.Node("b", servers.B.Port, NodeRole.Replica, state) with { Api = _b.Address };
        gateway.Views.Publish(1, both ? [primary, a, b] : [primary, a]);
        return gateway;
    }

    private static Task IsKnownAsync(TestGateway gateway, string node, Predicate<double> staleness) =>
        Eventually.HoldsAsync(
            () => gateway.Host.Describe().View?.Nodes.FirstOrDefault(n => n.Name == node)?.StalenessSeconds
                is { } seconds && staleness(seconds),
            $"the gateway knows how stale {node} is");
}
