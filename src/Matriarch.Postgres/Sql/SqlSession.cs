using System.Collections.Concurrent;

namespace Matriarch.Postgres;

/// <summary>
/// One connection that is kept and opened again when it broke. Every use has a deadline that holds even when the server
/// is frozen: an answer that does not come is abandoned, and so is its connection.
/// </summary>
/// <param name="kind">How a connection is made and looked at.</param>
/// <param name="time">Measures deadlines.</param>
/// <param name="ownPids">Backend process ids of the agent's own connections, shared by all its sessions.</param>
internal sealed class SqlSession<TConnection>(
    ConnectionKind<TConnection> kind, TimeProvider time, ConcurrentDictionary<int, byte> ownPids) : IAsyncDisposable
    where TConnection : class, IAsyncDisposable
{
    // Abandoned queries end with their server or with its statement_timeout. More than this many at once means that
    // every further one would be abandoned too.
    private const int MaxAbandoned = 4;

    private readonly SemaphoreSlim _gate = new(1, 1);
    private TConnection? _connection;
    private int _pid; // of its backend; a broken connection no longer tells
    private bool _isBroken; // the last query failed because its connection had ended
    private int _abandoned;

    /// <summary>Runs queries on the connection.</summary>
    /// <param name="query">May run again on a new connection when the old one turns out to be broken.</param>
    /// <param name="deadline">Of connecting and querying together.</param>
    /// <exception cref="OperationCanceledException">The caller's token; the connection is abandoned.</exception>
    public async Task<SqlResult<T>> RunAsync<T>(
        Func<TConnection, Task<T>> query, TimeSpan deadline, CancellationToken cancellation)
    {
        var until = new Deadline(time, deadline);
        if (!await _gate.WaitAsync(deadline, cancellation))
        {
            return Fail<T>("an earlier query has not returned yet");
        }

        try
        {
            var isReused = _connection is not null;
            var result = await AttemptAsync(query, until, cancellation);
            return isReused && _isBroken && !result.IsSuccess && !until.IsOver
                ? await AttemptAsync(query, until, cancellation)
                : result;
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<SqlResult<T>> AttemptAsync<T>(
        Func<TConnection, Task<T>> query, Deadline until, CancellationToken cancellation)
    {
        if (Volatile.Read(ref _abandoned) >= MaxAbandoned)
        {
            return Fail<T>("earlier queries are still stuck in the server");
        }

        if (_connection is null)
        {
            try
            {
                using var limit = new CancellationTokenSource(until.AtMost(TimeSpan.MaxValue), time);
                using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
                _connection = await kind.OpenAsync(both.Token);
                _pid = kind.PidOf(_connection);
                ownPids[_pid] = 0;
            }
            catch (Exception e) when (SqlFailure.IsExpected(e) && !cancellation.IsCancellationRequested)
            {
                return new SqlResult<T>(default!, SqlFailure.From(e, isConnect: true));
            }
        }

        _isBroken = false;
        var running = query(_connection);
        try
        {
            return new SqlResult<T>(
                await running.WaitAsync(until.AtMost(TimeSpan.MaxValue), time, cancellation), null);
        }
        catch (Exception e) when (!running.IsCompleted)
        {
            Abandon(running);
            return e is TimeoutException
                ? Fail<T>("the query did not return in time")
                : throw new OperationCanceledException("abandoned a query", e, cancellation);
        }
        catch (Exception e) when (SqlFailure.IsExpected(e))
        {
            if (!kind.IsOpen(_connection))
            {
                _isBroken = true;
                await DropAsync();
            }

            return new SqlResult<T>(default!, SqlFailure.From(e, isConnect: false));
        }
    }

    private static SqlResult<T> Fail<T>(string reason) => new(default!, new SqlFailure(IsConnect: false, reason, null));

    private void Abandon(Task running)
    {
        var connection = _connection!;
        _connection = null;
        ownPids.TryRemove(_pid, out _);
        Interlocked.Increment(ref _abandoned);
        _ = running.ContinueWith(
            async finished =>
            {
                _ = finished.Exception; // its end was reported when it was abandoned
                await connection.DisposeAsync();
                Interlocked.Decrement(ref _abandoned);
            },
            CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private async Task DropAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            ownPids.TryRemove(_pid, out _);
            await connection.DisposeAsync();
        }
    }

    /// <summary>Closes the connection; the next use opens a new one.</summary>
    public async Task CloseAsync()
    {
        await _gate.WaitAsync();
        try
        {
            await DropAsync();
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync() => await CloseAsync();
}
