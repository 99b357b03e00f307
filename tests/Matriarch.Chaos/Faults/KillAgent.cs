using System.Collections.Immutable;

namespace Matriarch.Chaos;

/// <summary>kill -9 of an agent; its PostgreSQL goes on by itself.</summary>
internal sealed class KillAgent : Fault
{
    public override string Name => "kill-agent";

    public override async Task InjectAsync(ChaosWorld world, Random random)
    {
        Detail = await VictimAsync(world, random);
        Hurts = Unfenced = ImmutableHashSet.Create(Detail);
        await world.KillAgentAsync(Detail);
    }
}
