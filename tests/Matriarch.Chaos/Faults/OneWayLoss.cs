namespace Matriarch.Chaos;

/// <summary>What a node sends to the others is lost, or what they send to it.</summary>
/// <param name="outward">Whether it is what the node sends.</param>
internal sealed class OneWayLoss(bool outward) : Fault
{
    public override string Name => outward ? "loss-from-node" : "loss-to-node";

    public override async Task InjectAsync(ChaosWorld world, Random random)
    {
        Detail = await VictimAsync(world, random);
        Hurts = [Detail];
        if (outward)
        {
            await world.Network.CutOneWayAsync(Detail, AllBut(Detail));
            return;
        }

        foreach (var other in AllBut(Detail))
        {
            await world.Network.CutOneWayAsync(other, [Detail]);
        }
    }

    public override Task HealAsync(ChaosWorld world) => world.Network.MendAsync();
}
