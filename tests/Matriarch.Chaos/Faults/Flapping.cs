namespace Matriarch.Chaos;

/// <summary>A node is cut off and comes back, several times in a few seconds.</summary>
internal sealed class Flapping : Fault
{
    private const int Times = 4;
    private const int MostPause = 1800;

    public override string Name => "flapping";

    public override async Task InjectAsync(ChaosWorld world, Random random)
    {
        Detail = await VictimAsync(world, random);
        for (var i = 0; i < Times; i++)
        {
            await world.Network.CutAsync(Detail, AllBut(Detail));
            await PauseAsync(world, random, MostPause);
            await world.Network.MendAsync(Detail, AllBut(Detail));
            await PauseAsync(world, random, MostPause);
        }
    }
}
