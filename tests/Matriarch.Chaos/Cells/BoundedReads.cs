using System.Globalization;
using Matriarch.TestKit;
using Npgsql;

namespace Matriarch.Chaos;

/// <summary>
/// A writer through the gateway of the clients, and readers of replicas through the gateway of one cell, all by one
/// clock: whatever a read shows must have all that was acknowledged longer ago than the bound when the read began.
/// </summary>
internal sealed class BoundedReads : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly LabCluster _cluster;
    private readonly string _node;
    private readonly TimeSpan _bound;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _lock = new();
    private readonly List<(long Id, long At)> _acknowledged = [];
    private readonly Task[] _running;
    private string? _violation;
    private TimeSpan _oldest;
    private int _reads;
    private int _refusals;

    public BoundedReads(LabCluster cluster, string node, TimeSpan bound, TimeProvider time)
    {
        (_cluster, _node, _bound, _time) = (cluster, node, bound, time);
        _running =
        [
            Task.Run(WriteAsync), Task.Run(() => ReadAsync(keeps: false)), Task.Run(() => ReadAsync(keeps: true)),
        ];
    }

    /// <summary>What a read showed that it must not have; null when none did.</summary>
    public string? Violation => Volatile.Read(ref _violation);

    /// <summary>Reads that were answered.</summary>
    public int Reads => Volatile.Read(ref _reads);

    /// <summary>Reads and connections that were refused.</summary>
    public int Refusals => Volatile.Read(ref _refusals);

    /// <summary>Writes that were acknowledged.</summary>
    public int Writes
    {
        get
        {
            lock (_lock)
            {
                return _acknowledged.Count;
            }
        }
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Writes} writes, {Reads} reads, {Refusals} refusals; the oldest read was {_oldest.TotalSeconds:F1} s old");

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await Task.WhenAll(_running);
        _ending.Dispose();
    }

    private async Task WriteAsync()
    {
        for (var id = 1L; !_ending.IsCancellationRequested; id++)
        {
            try
            {
                await using var session = await ChaosTable.OpenAsync(_cluster.ConnectionString, _ending.Token);
                for (; !_ending.IsCancellationRequested; id++)
                {
                    await ChaosTable.InsertAsync(session, id, 1);
                    lock (_lock)
                    {
                        _acknowledged.Add((id, _time.GetTimestamp()));
                    }

                    await Task.Delay(Pause, _time, CancellationToken.None);
                }
            }
            catch (Exception e) when (ChaosTable.IsFailure(e))
            {
                await Task.Delay(Pause, _time, CancellationToken.None);
            }
        }
    }

    /// <param name="keeps">Whether one session reads for as long as it lives, or each read is a session.</param>
    private async Task ReadAsync(bool keeps)
    {
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                await using var session = await ChaosTable.OpenAsync(
                    _cluster.Through(_node, "postgres@replica"), _ending.Token);
                do
                {
                    await ReadAsync(session);
                    await Task.Delay(Pause, _time, CancellationToken.None);
                }
                while (keeps && !_ending.IsCancellationRequested);
            }
            catch (Exception e) when (ChaosTable.IsFailure(e))
            {
                Interlocked.Increment(ref _refusals);
                await Task.Delay(Pause, _time, CancellationToken.None);
            }
        }
    }

    private async Task ReadAsync(NpgsqlConnection session)
    {
        var began = _time.GetTimestamp();
        await using var command = new NpgsqlCommand("select coalesce(max(id), 0) from chaos", session);
        var newest = (long)(await command.ExecuteScalarAsync())!;
        Interlocked.Increment(ref _reads);
        lock (_lock)
        {
            var missing = _acknowledged.FirstOrDefault(w => w.Id > newest);
            var age = missing.Id == 0 ? TimeSpan.Zero : _time.GetElapsedTime(missing.At, began);
            _oldest = age > _oldest ? age : _oldest;
            if (age > _bound)
            {
                _violation ??= string.Create(
                    CultureInfo.InvariantCulture,
                    $"a read lacked write {missing.Id}, acknowledged {age.TotalSeconds:F1} s before it began");
            }
        }
    }
}
