using System.Collections.Concurrent;
using Matriarch.TestKit;
using Npgsql;

namespace Matriarch.EndToEnd;

/// <summary>
/// Clients that write unique ids as fast as they are acknowledged, remember each acknowledgement and its time, and go
/// on through every failure as an application with a retry loop does. At the end each acknowledged id must be there.
/// </summary>
internal sealed class AcknowledgedWriter : IAsyncDisposable
{
    private const int Clients = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(10);

    private readonly string _connectionString;
    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentQueue<(long Id, TimeSpan At)> _acknowledged = new();
    private readonly ConcurrentDictionary<string, int> _errors = new();
    private readonly long _startedAt = TestTime.Real.GetTimestamp();
    private readonly Task[] _clients;
    private long _lastId;

    private AcknowledgedWriter(string connectionString)
    {
        _connectionString = connectionString;
        _clients = [.. Enumerable.Range(0, Clients).Select(_ => Task.Run(WriteAsync))];
    }

    /// <summary>How many writes have been acknowledged so far.</summary>
    public int Acknowledged => _acknowledged.Count;

    /// <summary>Errors by SQLSTATE or exception.</summary>
    public IReadOnlyDictionary<string, int> Errors => _errors;

    /// <summary>The time on the writer's own clock.</summary>
    public TimeSpan Now => TestTime.Real.GetElapsedTime(_startedAt);

    /// <summary>Makes the table and starts the clients.</summary>
    public static async Task<AcknowledgedWriter> StartAsync(string connectionString)
    {
        await RunningCluster.QueryAsync<int>(
            connectionString, "create table if not exists written (id bigint primary key); select 1");
        return new AcknowledgedWriter(connectionString);
    }

    /// <summary>Waits until this many more writes have been acknowledged.</summary>
    public Task GoesOnAsync(int writes = 50)
    {
        var before = Acknowledged;
        return Eventually.HoldsAsync(
            $"{writes} more acknowledged writes " +
            $"(errors: {string.Join(", ", _errors.Select(e => $"{e.Key} {e.Value}"))})",
            () => Acknowledged >= before + writes,
            TimeSpan.FromSeconds(60));
    }

    /// <summary>The longest time without an acknowledgement that began or ended within the span.</summary>
    public TimeSpan LongestGap(TimeSpan from, TimeSpan to)
    {
        var times = _acknowledged.Select(a => a.At).Order().ToList();
        var longest = TimeSpan.Zero;
        for (var i = 1; i < times.Count; i++)
        {
            if (times[i] >= from && times[i - 1] <= to && times[i] - times[i - 1] > longest)
            {
                longest = times[i] - times[i - 1];
            }
        }

        return longest;
    }

    /// <summary>Stops the clients and returns the acknowledged ids that are not in the database.</summary>
    public async Task<IReadOnlyList<long>> LostAsync()
    {
        await _ending.CancelAsync();
        await Task.WhenAll(_clients);
        var present = new HashSet<long>();
        await using var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select id from written", connection);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            present.Add(reader.GetInt64(0));
        }

        return [.. _acknowledged.Select(a => a.Id).Where(id => !present.Contains(id)).Order()];
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await Task.WhenAll(_clients);
        _ending.Dispose();
    }

    private async Task WriteAsync()
    {
        NpgsqlConnection? connection = null;
        while (!_ending.IsCancellationRequested)
        {
            // An id is tried once: after an error nobody knows whether it was written.
            var id = Interlocked.Increment(ref _lastId);
            try
            {
                connection ??= await OpenAsync();
                await using var command = new NpgsqlCommand("insert into written (id) values ($1)", connection);
                command.Parameters.AddWithValue(id);
                await command.ExecuteNonQueryAsync();
                _acknowledged.Enqueue((id, Now));
                await Task.Delay(Pause, TestTime.Real);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
            {
                _errors.AddOrUpdate((e as PostgresException)?.SqlState ?? e.GetType().Name, 1, (_, n) => n + 1);
                if (connection is not null)
                {
                    await connection.DisposeAsync();
                    connection = null;
                }

                await Task.Delay(RetryPause, TestTime.Real);
            }
        }

        if (connection is not null)
        {
            await connection.DisposeAsync();
        }
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(_connectionString);
        try
        {
            await connection.OpenAsync(_ending.Token);
            return connection;
        }
        catch (OperationCanceledException e)
        {
            await connection.DisposeAsync();
            throw new TimeoutException("the test is over", e);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
