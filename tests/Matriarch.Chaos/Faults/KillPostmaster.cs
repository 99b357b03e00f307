namespace Matriarch.Chaos;

/// <summary>kill -9 of a postmaster; its agent lives.</summary>
internal sealed class KillPostmaster : Fault
{
    public override string Name => "kill-postmaster";

    public override async Task InjectAsync(ChaosWorld world, Random random)
    {
        Detail = await VictimAsync(world, random);
        await world.KillPostmasterAsync(Detail);
    }
}
