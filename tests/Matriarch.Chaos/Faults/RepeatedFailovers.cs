using Matriarch.TestKit;

namespace Matriarch.Chaos;

/// <summary>Whoever leads is killed, as soon as it leads, several times.</summary>
internal sealed class RepeatedFailovers : Fault
{
    private const int Times = 3;

    public override string Name => "repeated-failovers";

    public override async Task InjectAsync(ChaosWorld world, Random random)
    {
        var killed = new List<string>();
        for (var i = 0; i < Times; i++)
        {
            var primary = await world.PrimaryAsync();
            killed.Add(primary);
            await world.KillPostmasterAsync(primary);
            await PauseAsync(world, random, 2500);
        }

        Detail = string.Join(' ', killed);
    }
}
