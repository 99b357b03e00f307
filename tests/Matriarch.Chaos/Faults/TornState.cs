using System.Collections.Immutable;

namespace Matriarch.Chaos;

/// <summary>A node dies, and half of the file with its promises is gone.</summary>
internal sealed class TornState : Fault
{
    private const string FileName = "agent-state.json";

    public override string Name => "torn-state-file";

    public override string Kind => "disk";

    public override async Task InjectAsync(ChaosWorld world, Random random)
    {
        Detail = await VictimAsync(world, random);
        Hurts = Unfenced = ImmutableHashSet.Create(Detail);
        await world.KillAgentAsync(Detail);
        await using var file = File.OpenWrite(Path.Combine(world.Cluster.NodeDirectory(Detail), FileName));
        file.SetLength(file.Length / 2);
    }
}
