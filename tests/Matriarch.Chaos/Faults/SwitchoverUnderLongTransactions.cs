using Npgsql;

namespace Matriarch.Chaos;

/// <summary>A planned change of the leader while transactions are open that have written and do not end.</summary>
internal sealed class SwitchoverUnderLongTransactions : Fault
{
    private const int Transactions = 3;
    private readonly List<NpgsqlConnection> _open = [];

    public override string Name => "switchover-under-long-transactions";

    public override async Task InjectAsync(ChaosWorld world, Random random)
    {
        for (var i = 0; i < Transactions; i++)
        {
            var connection = await ChaosTable.OpenAsync(world.Cluster.ConnectionString, CancellationToken.None);
            _open.Add(connection);
            await ChaosTable.ExecuteAsync(connection, "begin");
            await ChaosTable.InsertAsync(connection, world.Recorder.Take(1), 1);
        }

        try
        {
            Detail = $"from {await world.PrimaryAsync()}";
            await world.Cluster.SwitchoverAsync();
        }
        catch (InvalidOperationException e)
        {
            Detail += $": refused, {e.Message}"; // another fault may be on; the cluster has to be well all the same
        }
    }

    public override async Task HealAsync(ChaosWorld world)
    {
        foreach (var connection in _open)
        {
            await connection.DisposeAsync();
        }
    }
}
