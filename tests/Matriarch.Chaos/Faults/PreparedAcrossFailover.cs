using Npgsql;

namespace Matriarch.Chaos;

/// <summary>A prepared transaction outlives its primary, and is committed on the next one.</summary>
internal sealed class PreparedAcrossFailover : Fault
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private long _id;
    private TimeSpan _prepared;

    public override string Name => "prepared-across-failover";

    public override async Task InjectAsync(ChaosWorld world, Random random)
    {
        _id = world.Recorder.Take(1);
        Detail = FormattableString.Invariant($"row {_id}");
        await using (var connection =
            await ChaosTable.OpenAsync(world.Cluster.ConnectionString, CancellationToken.None))
        {
            await ChaosTable.ExecuteAsync(connection, "begin");
            await ChaosTable.InsertAsync(connection, _id, 1);
            await ChaosTable.ExecuteAsync(connection, FormattableString.Invariant($"prepare transaction '{_id}'"));
        }

        _prepared = world.Recorder.Now;
        await world.KillPostmasterAsync(await world.PrimaryAsync());
    }

    /// <summary>It was acknowledged to be prepared, so it has to be there to be committed.</summary>
    public override async Task HealAsync(ChaosWorld world)
    {
        var from = world.Recorder.Now;
        var isGone = false;
        while (true)
        {
            try
            {
                await using var connection =
                    await ChaosTable.OpenAsync(world.Cluster.ConnectionString, CancellationToken.None);
                var answer = await ChaosTable.ReadAsync(connection, _id);
                if (!answer.Ids.Contains(_id))
                {
                    await ChaosTable.ExecuteAsync(connection, FormattableString.Invariant($"commit prepared '{_id}'"));
                }

                var by = answer.By with { Timeline = answer.By.Term };
                world.Recorder.Add(new Write(_id, 1, from, world.Recorder.Now, Outcome.Acknowledged, by));
                return;
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedObject && !isGone)
            {
                isGone = true; // or an attempt whose answer was lost has just committed it: the next look tells
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedObject)
            {
                throw new ViolationException(new Violation(
                    HistoryChecker.Lost, $"the transaction that prepared row {_id} is gone", _prepared));
            }
            catch (Exception e) when (ChaosTable.IsFailure(e) && world.Recorder.Now - from < Deadline)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), world.Time);
            }
        }
    }
}
