namespace Matriarch.Chaos;

/// <summary>kill -9 of everything on a node, agent and PostgreSQL.</summary>
internal sealed class KillNode : Fault
{
    public override string Name => "kill-node";

    public override async Task InjectAsync(ChaosWorld world, Random random)
    {
        Detail = await VictimAsync(world, random);
        Hurts = [Detail];
        await world.Network.KillAllAsync(Detail, world.Time);
    }
}
