using System.Collections.Immutable;
using Matriarch.TestKit;

namespace Matriarch.Chaos;

/// <summary>
/// The primary's PostgreSQL is killed, and then agents are restarted at random moments: in the middle of an election,
/// of a promotion, of a demotion, of a rewind.
/// </summary>
internal sealed class AgentRestarts : Fault
{
    private const int Restarts = 3;
    private const int MostPause = 900;

    public override string Name => "agent-restarts-in-failover";

    public override async Task InjectAsync(ChaosWorld world, Random random)
    {
        var primary = await world.PrimaryAsync();
        // For moments only, but a PostgreSQL may run meanwhile.
        Unfenced = [.. LabNetwork.Nodes];
        await world.KillPostmasterAsync(primary);
        var restarted = ImmutableArray.CreateBuilder<string>();
        for (var i = 0; i < Restarts; i++)
        {
            await PauseAsync(world, random, MostPause);
            var node = Pick(LabNetwork.Nodes, random);
            restarted.Add(node);
            await world.KillAgentAsync(node);
            world.Cluster.StartNode(node);
        }

        Detail = $"{primary}; agents {string.Join(' ', restarted)}";
    }
}
