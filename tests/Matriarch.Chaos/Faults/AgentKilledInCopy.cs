using System.Collections.Immutable;

namespace Matriarch.Chaos;

/// <summary>A replica has lost its data, and its agent is killed at random moments while it copies them anew.</summary>
internal sealed class AgentKilledInCopy : Fault
{
    private const int Restarts = 2;

    public override string Name => "agent-killed-in-copy";

    public override string Kind => "disk";

    public override async Task InjectAsync(ChaosWorld world, Random random)
    {
        Detail = Pick(ChaosWorld.Others(await world.PrimaryAsync()), random);
        Hurts = [Detail];
        await world.Network.KillAllAsync(Detail, world.Time);
        if (Directory.Exists(world.Cluster.DataDirectory(Detail)))
        {
            Directory.Delete(world.Cluster.DataDirectory(Detail), recursive: true);
        }
        for (var i = 0; i < Restarts; i++)
        {
            world.Cluster.StartNode(Detail);
            await PauseAsync(world, random, 4000);
            await world.Network.KillAllAsync(Detail, world.Time);
        }
    }
}
