using Matriarch.TestKit;

namespace Matriarch.Chaos;

/// <summary>The store comes back with a copy from before a failover: it names the wrong leader.</summary>
internal sealed class StoreRestored : Fault
{
    public override string Name => "store-restored-from-old-copy";

    public override string Kind => "store";

    public override async Task InjectAsync(ChaosWorld world, Random random)
    {
        var data = EtcdServer.DataDirectory(world.Place);
        var copy = data + "-old";
        Hurts = [LabNetwork.Store];
        await world.Network.KillAllAsync(LabNetwork.Store, world.Time);
        if (Directory.Exists(copy))
        {
            Directory.Delete(copy, recursive: true);
        }

        await Command.RunAsync("cp", "-a", data, copy);
        await EtcdServer.StartAsync(world.Place);
        var before = await world.PrimaryAsync();
        Detail = $"{before} led";
        await world.KillPostmasterAsync(before);
        await Eventually.HoldsAsync(
            "another term is led", async () => await world.Cluster.PrimaryAsync() != before, TimeSpan.FromSeconds(60));
        await PauseAsync(world, random, 3000);
        await world.Network.KillAllAsync(LabNetwork.Store, world.Time);
        Directory.Delete(data, recursive: true);
        Directory.Move(copy, data);
        await EtcdServer.StartAsync(world.Place);
    }
}
