using Matriarch.Client;
using Matriarch.Core;

namespace Matriarch.Gateway.Tests;

/// <summary>A gateway that asks the agents themselves who leads.</summary>
public sealed class FeedTests(Servers servers)
{
    [Fact]
    public async Task A_gateway_without_a_store_serves_by_the_word_of_an_agent()
    {
        await using var scene = await SwitchoverScene.StartAsync(servers);
        await using var connection = await scene.OpenAsync();
        Assert.Equal("a", await connection.WhereAsync());
    }

    [Fact]
    public async Task The_agents_that_an_agent_names_are_asked_too()
    {
        await using var a = await FakeAgent.StartAsync("a");
        await using var b = await FakeAgent.StartAsync("b");
        await using var gateway = await StartAsync(a);
        a.Says(1, ServicePhase.Serving, "a", 0, Node(servers.A, a, leads: true), Node(servers.B, b, leads: false));
        await LeadsAsync(gateway, "a", 1);

        b.Says(2, ServicePhase.Serving, "b", 0, Node(servers.B, b, leads: true), Node(servers.A, a, leads: false));

        await LeadsAsync(gateway, "b", 2);
        await using var connection = await gateway.OpenAsync();
        Assert.Equal("b", await connection.WhereAsync());
    }

    [Fact]
    public async Task An_old_leader_that_still_believes_in_itself_gets_no_sessions()
    {
        await using var a = await FakeAgent.StartAsync("a");
        await using var b = await FakeAgent.StartAsync("b");
        await using var gateway = await StartAsync(a, b);
        b.Says(2, ServicePhase.Serving, "b", 0, Node(servers.B, b, leads: true));
        await LeadsAsync(gateway, "b", 2);

        for (var i = 0; i < 3; i++)
        {
            a.Says(1, ServicePhase.Serving, "a", i, Node(servers.A, a, leads: true));
            await a.IsActedOnAsync();
            await using var connection = await gateway.OpenAsync();
            Assert.Equal("b", await connection.WhereAsync());
        }
    }

    [Fact]
    public async Task The_store_and_the_agents_together_give_the_newest_of_both()
    {
        await using var a = await FakeAgent.StartAsync("a");
        await using var gateway = await StartAsync(a);
        gateway.PublishTerm(1, servers.A, servers.B);
        await LeadsAsync(gateway, "a", 1);
        a.Says(2, ServicePhase.Serving, "b", 0, Node(servers.B, a, leads: true), Node(servers.A, a, leads: false));
        await LeadsAsync(gateway, "b", 2);
        gateway.PublishTerm(1, servers.A, servers.B);
        await a.IsActedOnAsync();
        Assert.Equal("b", gateway.Host.Describe().View?.Primary);
        gateway.PublishTerm(3, servers.A, servers.B);
        await LeadsAsync(gateway, "a", 3);
    }

    [Fact]
    public async Task An_agent_that_was_not_there_at_first_is_heard_once_it_is()
    {
        var port = PostgresServer.FreePort();
        await using var gateway = await TestGateway.StartAsync(
            o => o.Agents = [$"127.0.0.1:{port}"], apiToken: FakeAgent.Token);
        await using var a = await FakeAgent.StartAsync("a", port);
        a.Says(1, ServicePhase.Serving, "a", 0, Node(servers.A, a, leads: true));
        await LeadsAsync(gateway, "a", 1);
    }

    [Fact]
    public async Task An_agent_that_does_not_know_the_token_says_nothing()
    {
        await using var a = await FakeAgent.StartAsync("a");
        a.Says(1, ServicePhase.Serving, "a", 0, Node(servers.A, a, leads: true));
        await using var gateway = await TestGateway.StartAsync(o => o.Agents = [a.Address], apiToken: "another token");
        await Eventually.HoldsAsync(() => a.Refusals > 1, "the gateway asks again, and is refused again");
        Assert.Null(gateway.Host.Describe().View);
    }

    private static Task<TestGateway> StartAsync(params FakeAgent[] agents) => TestGateway.StartAsync(
        o => o.Agents = [.. agents.Select(a => a.Address)], apiToken: FakeAgent.Token);

    private static NodeView Node(PostgresServer server, FakeAgent agent, bool leads) =>
        FakeViews.Node(server.Name, server.Port, leads ? NodeRole.Primary : NodeRole.Replica) with
        {
            Api = agent.Address,
        };

    private static Task LeadsAsync(TestGateway gateway, string node, uint term) => Eventually.HoldsAsync(
        () => gateway.Host.Describe().View is { } view && view.Primary == node && view.Term == term,
        $"the gateway takes {node} for the primary of term {term}");
}
