using Matriarch.TestKit;
using Npgsql;

namespace Matriarch.Chaos;

/// <summary>
/// Commits wait, because the replicas do not receive; then their clients cancel them, or go away. In one case of two
/// the primary dies before the replicas go on: what was called done then has to be there.
/// </summary>
/// <param name="cancels">Whether clients cancel; they disconnect otherwise.</param>
internal sealed class EndOfClient(bool cancels) : Fault
{
    private const int Clients = 3;
    private const int PatienceSeconds = 1;

    public override string Name => cancels ? "cancel-in-commit" : "disconnect-in-commit";

    public override async Task InjectAsync(ChaosWorld world, Random random)
    {
        var primary = await world.PrimaryAsync();
        Detail = primary;
        var receivers = new List<int>();
        foreach (var replica in ChaosWorld.Others(primary))
        {
            receivers.AddRange(await world.PostgresAsync(replica, "walreceiver"));
        }

        receivers.ForEach(ProcessSignal.Stop);
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => WriteAndGoAsync(world)));
        if (random.Next(2) == 0)
        {
            Detail += ", which then dies";
            await world.KillPostmasterAsync(primary);
        }

        receivers.ForEach(ProcessSignal.Continue);
    }

    private async Task WriteAndGoAsync(ChaosWorld world)
    {
        // A time-out of Npgsql ends the session, or sends a cancel request first, as this says.
        var settings = new NpgsqlConnectionStringBuilder(world.Cluster.ConnectionString)
        {
            CommandTimeout = PatienceSeconds,
            CancellationTimeout = cancels ? PatienceSeconds * 2000 : -1,
        };
        var id = world.Recorder.Take(1);
        var invoked = world.Recorder.Now;
        try
        {
            await using var connection =
                await ChaosTable.OpenAsync(settings.ConnectionString, CancellationToken.None);
            var by = await ChaosTable.InsertAsync(connection, id, 1);
            world.Recorder.Add(new Write(id, 1, invoked, world.Recorder.Now, Outcome.Acknowledged, by));
        }
        catch (Exception e) when (ChaosTable.IsFailure(e))
        {
            world.Recorder.Add(
                new Write(id, 1, invoked, world.Recorder.Now, Outcome.Unknown, null, ChaosTable.CodeOf(e)));
        }
    }
}
