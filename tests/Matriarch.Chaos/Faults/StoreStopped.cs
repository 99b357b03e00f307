using Matriarch.TestKit;

namespace Matriarch.Chaos;

/// <summary>The store is killed, and started again with what it had, or without: wiped.</summary>
/// <param name="wiped">Whether it comes back empty.</param>
internal sealed class StoreStopped(bool wiped) : Fault
{
    public override string Name => wiped ? "store-wiped" : "store-stopped";

    public override string Kind => "store";

    public override async Task InjectAsync(ChaosWorld world, Random random)
    {
        Hurts = [LabNetwork.Store];
        await world.Network.KillAllAsync(LabNetwork.Store, world.Time);
    }

    public override async Task HealAsync(ChaosWorld world)
    {
        if (wiped)
        {
            Directory.Delete(EtcdServer.DataDirectory(world.Place), recursive: true);
        }

        await EtcdServer.StartAsync(world.Place);
    }
}
