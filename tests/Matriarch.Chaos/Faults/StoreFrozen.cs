using Matriarch.TestKit;

namespace Matriarch.Chaos;

/// <summary>The store takes connections and answers nothing.</summary>
internal sealed class StoreFrozen : Fault
{
    public override string Name => "store-frozen";

    public override string Kind => "store";

    public override async Task InjectAsync(ChaosWorld world, Random random)
    {
        Hurts = [LabNetwork.Store];
        foreach (var process in await world.Network.ProcessesAsync(LabNetwork.Store))
        {
            ProcessSignal.Stop(process);
        }
    }

    public override Task HealAsync(ChaosWorld world) => world.ThawAsync(LabNetwork.Store);
}
