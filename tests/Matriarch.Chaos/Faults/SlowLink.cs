using Matriarch.TestKit;

namespace Matriarch.Chaos;

/// <summary>What reaches a node comes late and in part: a crowded link.</summary>
internal sealed class SlowLink : Fault
{
    private const int BytesPerSecond = 12_000;

    public override string Name => "slow-link";

    public override async Task InjectAsync(ChaosWorld world, Random random)
    {
        Detail = await VictimAsync(world, random);
        Hurts = [Detail, LabNetwork.Client]; // clients of a primary are as slow
        await world.Network.ThrottleAsync(Detail, BytesPerSecond);
    }

    public override Task HealAsync(ChaosWorld world) => world.Network.UnthrottleAsync(Detail);
}
