using System.Collections.Immutable;
using Matriarch.TestKit;
using Npgsql;

namespace Matriarch.Chaos;

/// <summary>
/// Who writes and reads through everything: writers and a reader through the gateway, and a reader beside each node.
/// Each comes back at once after an error, and an id is tried once.
/// </summary>
internal sealed class Clients : IAsyncDisposable
{
    private const int Writers = 3;
    private const int RowsOfLargeWrites = 3;
    private const long Window = 1500; // rows that a read looks back
    private static readonly TimeSpan WritePause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan ReadPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan ReplicaPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(50);

    private readonly LabCluster _cluster;
    private readonly Recorder _recorder;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task[] _running;

    private Clients(LabCluster cluster, Recorder recorder, TimeProvider time)
    {
        (_cluster, _recorder, _time) = (cluster, recorder, time);
        _running =
        [
            .. Enumerable.Range(0, Writers).Select(w => Task.Run(() =>
                LoopAsync(cluster.ConnectionString, (c, turn) => WriteAsync(c, (w + turn) % 3 == 0), WritePause))),
            Task.Run(() => LoopAsync(cluster.ConnectionString, (c, _) => ReadAsync(c, null), ReadPause)),
            .. LabNetwork.Nodes.Select(n => Task.Run(() =>
                LoopAsync(cluster.Direct(n), (c, _) => ReadAsync(c, n), ReplicaPause))),
        ];
    }

    /// <summary>Starts them.</summary>
    public static Clients Start(LabCluster cluster, Recorder recorder, TimeProvider time) =>
        new(cluster, recorder, time);

    /// <summary>Waits until this many more writes were acknowledged, all of them begun from now on.</summary>
    public Task WriteOnAsync(string what, int writes, TimeSpan deadline)
    {
        var from = _recorder.Now;
        return Eventually.HoldsAsync(what, () => _recorder.AcknowledgedSince(from) >= writes, deadline);
    }

    /// <summary>Reads all rows from the primary, as a client that begins now.</summary>
    public async Task ReadAllAsync()
    {
        await using var connection = await ChaosTable.OpenAsync(_cluster.ConnectionString, CancellationToken.None);
        await ReadAsync(connection, null, 0);
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await Task.WhenAll(_running);
        _ending.Dispose();
    }

    private async Task LoopAsync(string connectionString, Func<NpgsqlConnection, int, Task> turnAsync, TimeSpan pause)
    {
        NpgsqlConnection? connection = null;
        for (var turn = 0; !_ending.IsCancellationRequested; turn++)
        {
            var next = pause;
            try
            {
                connection ??= await ChaosTable.OpenAsync(connectionString, _ending.Token);
                await turnAsync(connection, turn);
            }
            catch (Exception e) when (ChaosTable.IsFailure(e))
            {
                next = RetryPause;
                await CloseAsync(connection);
                connection = null;
            }

            await Task.Delay(next, _time, CancellationToken.None);
        }

        await CloseAsync(connection);
    }

    private async Task WriteAsync(NpgsqlConnection connection, bool large)
    {
        var count = large ? RowsOfLargeWrites : 1;
        var first = _recorder.Take(count);
        var invoked = _recorder.Now;
        try
        {
            var by = large
                ? await InsertInSeveralAsync(connection, first, count)
                : await ChaosTable.InsertAsync(connection, first, count);
            _recorder.Add(new Write(first, count, invoked, _recorder.Now, Outcome.Acknowledged, by));
        }
        catch (Exception e) when (ChaosTable.IsFailure(e))
        {
            _recorder.Add(
                new Write(first, count, invoked, _recorder.Now, Outcome.Unknown, null, ChaosTable.CodeOf(e)));
            throw;
        }
    }

    // A row per statement, and a COMMIT of its own.
    private static async Task<Answerer> InsertInSeveralAsync(NpgsqlConnection connection, long first, int count)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        var by = default(Answerer);
        for (var i = 0; i < count; i++)
        {
            by = await ChaosTable.InsertAsync(connection, first + i, 1);
        }

        await transaction.CommitAsync();
        return by;
    }

    private Task ReadAsync(NpgsqlConnection connection, string? replica) =>
        ReadAsync(connection, replica, Math.Max(0, _recorder.LastId - Window));

    private async Task ReadAsync(NpgsqlConnection connection, string? replica, long from)
    {
        var invoked = _recorder.Now;
        (Answerer by, bool inRecovery, ImmutableArray<long> ids) = await ChaosTable.ReadAsync(connection, from);
        _recorder.Add(new Read(replica is not null, invoked, _recorder.Now, from, ids, by, inRecovery));
    }

    private static async Task CloseAsync(NpgsqlConnection? connection)
    {
        if (connection is not null)
        {
            await connection.DisposeAsync();
        }
    }
}
