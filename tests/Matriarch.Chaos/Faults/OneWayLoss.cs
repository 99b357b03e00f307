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
        await (outward
            ? world.Network.CutOneWayAsync(Detail, AllBut(Detail))
            : EachAsync(world.Network.CutOneWayAsync));
    }

    public override Task HealAsync(ChaosWorld world) => outward
        ? world.Network.MendOneWayAsync(Detail, AllBut(Detail))
        : EachAsync(world.Network.MendOneWayAsync);

    private async Task EachAsync(Func<string, IEnumerable<string>, Task> act)
    {
        foreach (var other in AllBut(Detail))
        {
            await act(other, [Detail]);
        }
    }
}
