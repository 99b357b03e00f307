using Matriarch.TestKit;

namespace Matriarch.Chaos;

/// <summary>The file system of a node, data and pg_wal and the agent's state, has no room left.</summary>
internal sealed class FullDisk : Fault
{
    public override string Name => "full-disk";

    public override string Kind => "disk";

    public override async Task InjectAsync(ChaosWorld world, Random random)
    {
        Detail = await VictimAsync(world, random);

        // A primary that is full may go on to lead: PostgreSQL refuses the writes one by one, and lives.
        Hurts = [Detail, LabNetwork.Client];
        await Command.RunAsync(
            "sh", "-c", "dd if=/dev/zero of=\"$0\" bs=1M 2>/dev/null; :", Ballast(world));
    }

    public override Task HealAsync(ChaosWorld world)
    {
        File.Delete(Ballast(world));
        return Task.CompletedTask;
    }

    private string Ballast(ChaosWorld world) => Path.Combine(world.Cluster.NodeDirectory(Detail), "ballast");
}
