using Matriarch.TestKit;

namespace Matriarch.Chaos;

/// <summary>Everything is killed, then the nodes come back one by one in a random order.</summary>
internal sealed class AllDown : Fault
{
    private string[] _order = [];

    public override string Name => "all-down";

    public override string Kind => "all";

    public override async Task InjectAsync(ChaosWorld world, Random random)
    {
        Hurts = [.. LabNetwork.Nodes];
        _order = [.. LabNetwork.Nodes];
        random.Shuffle(_order);
        Detail = string.Join(' ', _order);
        await Task.WhenAll(LabNetwork.Nodes.Select(n => world.Network.KillAllAsync(n, world.Time)));
    }

    public override async Task HealAsync(ChaosWorld world)
    {
        foreach (var node in _order)
        {
            if (await world.AgentAsync(node) is null)
            {
                world.Cluster.StartNode(node);
            }

            await Task.Delay(TimeSpan.FromSeconds(1), world.Time);
        }
    }
}
