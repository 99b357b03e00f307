using Matriarch.Client;
using Matriarch.Core;
using Npgsql;

namespace Matriarch.Gateway.Tests;

/// <summary>
/// A gateway without a store, one agent that tells it who leads, and the two servers with the same roles, as replicas
/// have: their leadership goes to and fro as the test says.
/// </summary>
internal sealed class SwitchoverScene : IAsyncDisposable
{
    private uint _term = 1;

    private SwitchoverScene(Servers servers, TestGateway gateway, FakeAgent agent)
    {
        (Servers, Gateway, Agent) = (servers, gateway, agent);
        Primary = servers.A;
    }

    public Servers Servers { get; }

    public TestGateway Gateway { get; }

    public FakeAgent Agent { get; }

    public PostgresServer Primary { get; private set; }

    public PostgresServer Other => Primary == Servers.A ? Servers.B : Servers.A;

    public static async Task<SwitchoverScene> StartAsync(Servers servers, Action<GatewayOptions>? configure = null)
    {
        var agent = await FakeAgent.StartAsync("a");
        agent.Verifiers = servers.A;
        var gateway = await TestGateway.StartAsync(
            o =>
            {
                o.Agents = [agent.Address];
                configure?.Invoke(o);
            },
            apiToken: FakeAgent.Token);
        var scene = new SwitchoverScene(servers, gateway, agent);
        scene.Say(ServicePhase.Serving);
        await Eventually.HoldsAsync(
            () => gateway.Host.Describe().View?.Primary == "a", "the gateway heard of the primary from its agent");
        return scene;
    }

    /// <summary>The primary announces that it will hand over, and the gateway has acted on it.</summary>
    public async Task DrainAsync()
    {
        Say(ServicePhase.Draining);
        await Agent.IsActedOnAsync();
    }

    /// <summary>It serves on after all.</summary>
    public void Abandon() => Say(ServicePhase.Serving);

    /// <summary>The other one leads the next term.</summary>
    public void HandOver()
    {
        Say(ServicePhase.None);
        (Primary, _term) = (Other, _term + 1);
        Say(ServicePhase.None);
        Say(ServicePhase.Serving);
    }

    /// <summary>All of it, with the sessions that there are at rest.</summary>
    public async Task SwitchOverAsync(int movable = 1)
    {
        await DrainAsync();
        await AreParkedAsync(movable);
        HandOver();
    }

    public Task<NpgsqlConnection> OpenAsync(string more = "") => Gateway.OpenAsync(more: more);

    /// <summary>Waits until so many sessions are parked.</summary>
    public Task AreParkedAsync(int sessions) => Eventually.HoldsAsync(
        () => Gateway.Host.Describe().Sessions.Parked == sessions, $"{sessions} sessions are parked");

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Agent.DisposeAsync();
    }

    // The agent that answers stands for whoever leads.
    private void Say(ServicePhase phase)
    {
        var role = phase is ServicePhase.Serving or ServicePhase.Draining ? NodeRole.Primary : NodeRole.Unknown;
        Agent.Says(
            _term, phase, Primary.Name, 0, FakeViews.Node(Primary.Name, Primary.Port, role),
            FakeViews.Node(Other.Name, Other.Port, NodeRole.Replica));
    }
}
