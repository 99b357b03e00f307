namespace Matriarch.Chaos;

/// <summary>A node dies and comes back without its data directory.</summary>
internal sealed class LostData : Fault
{
    public override string Name => "lost-data";

    public override string Kind => "disk";

    public override async Task InjectAsync(ChaosWorld world, Random random)
    {
        Detail = await VictimAsync(world, random);
        Hurts = [Detail];
        await world.Network.KillAllAsync(Detail, world.Time);
        if (Directory.Exists(world.Cluster.DataDirectory(Detail)))
        {
            Directory.Delete(world.Cluster.DataDirectory(Detail), recursive: true);
        }
    }
}
