using Matriarch.TestKit;

namespace Matriarch.Chaos;

/// <summary>Somebody runs pg_promote on a replica, behind the agent's back.</summary>
internal sealed class ManualPromotion : Fault
{
    public override string Name => "manual-promotion";

    public override async Task InjectAsync(ChaosWorld world, Random random)
    {
        var primary = await world.PrimaryAsync();
        Detail = Pick(ChaosWorld.Others(primary), random);
        Hurts = [Detail]; // what it holds counts for nothing until it follows a primary again
        var before = await ChaosTable.ScalarAsync<int>(
            world.Cluster.Direct(primary), "select timeline_id from pg_control_checkpoint()");

        // PostgreSQL takes the next number that it finds free: one above a timeline of which it knows.
        for (var timeline = before; timeline <= before + 2; timeline++)
        {
            _ = world.Foreign.Add(timeline + 1);
        }

        await ChaosTable.ScalarAsync<bool>(world.Cluster.Direct(Detail), "select pg_promote(false)");
    }
}
