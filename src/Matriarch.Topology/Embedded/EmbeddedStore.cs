using System.Runtime.CompilerServices;
using Matriarch.Core;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Matriarch.Topology;

/// <summary>
/// The store in one SQLite file that the processes of one machine share. Versions are revisions of the whole file. A
/// process that finds the file deleted or replaced opens the present one, and its watches say <see
/// cref="ChangeSetKind.Reset"/>.
/// </summary>
public sealed class EmbeddedStore : ITopologyStore
{
    private const int Busy = 5;

    private readonly EmbeddedFile _file;
    private readonly string _partition;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly EmbeddedConnection _connection;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private bool _isDisposed;

    private EmbeddedStore(string path, string partition, TimeProvider time, ILogger logger)
    {
        _file = new EmbeddedFile(
            path, time, (aside, why) => EmbeddedConnection.LogSetAside(logger, path, aside, why));
        _partition = partition;
        _time = time;
        _logger = logger;
        _connection = new EmbeddedConnection(_file, time, logger, verifies: true);
    }

    /// <summary>How often a watch looks for changes of other processes and of its own.</summary>
    internal static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Opens the file, making it first when there is none.</summary>
    /// <exception cref="UserException">It is damaged, foreign or not accessible.</exception>
    internal static async Task<EmbeddedStore> OpenAsync(
        string path, string partition, TimeProvider time, ILogger<EmbeddedStore> logger, CancellationToken cancellation)
    {
        var store = new EmbeddedStore(path, partition, time, logger);
        try
        {
            await store._connection.OpenFirstAsync(cancellation);
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    public Task<StoreEntry?> GetAsync(StoreKey key, CancellationToken cancellation)
    {
        CheckKey(key);
        return RunAsync(connection => EmbeddedSql.Find(connection, _partition, key), cancellation);
    }

    public Task<WriteResult> CompareAndSetAsync(
        StoreKey key, long expectedVersion, string value, CancellationToken cancellation)
    {
        CheckKey(key);
        ArgumentOutOfRangeException.ThrowIfNegative(expectedVersion);
        StoreValue.Check(key, value);
        return RunAsync(connection => Write(connection, key, expectedVersion, value), cancellation);
    }

    public Task<WriteResult> DeleteAsync(StoreKey key, long expectedVersion, CancellationToken cancellation)
    {
        CheckKey(key);
        ArgumentOutOfRangeException.ThrowIfLessThan(expectedVersion, 1);
        return RunAsync(connection => Write(connection, key, expectedVersion, null), cancellation);
    }

    public Task<IReadOnlyList<StoreEntry>> ListAsync(
        StorePrefix prefix, CancellationToken cancellation, ListRange range = default) =>
        RunAsync<IReadOnlyList<StoreEntry>>(
            connection => EmbeddedSql.List(connection, _partition, prefix, range), cancellation);

    public async IAsyncEnumerable<ChangeSet> WatchAsync(
        StorePrefix prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var watch = new EmbeddedWatch(
            new EmbeddedConnection(_file, _time, _logger), _partition, prefix);
        var pause = PollInterval;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            ChangeSet? changes = null;
            try
            {
                changes = await watch.PollAsync(cancellation);
                pause = PollInterval;
            }
            catch (StoreUnavailableException)
            {
                // The connection has logged it, once per outage.
                pause = pause * 2 < MaxPause ? pause * 2 : MaxPause;
            }

            if (changes is not null)
            {
                yield return changes;
            }

            await Task.Delay(pause, _time, cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        try
        {
            _isDisposed = true;
            _connection.Dispose();
        }
        finally
        {
            _turn.Release();
        }
    }

    private static readonly TimeSpan MaxPause = TimeSpan.FromMilliseconds(200);

    private static void CheckKey(StoreKey key)
    {
        if (key.Value.Length == 0)
        {
            throw new ArgumentException("the key is empty", nameof(key));
        }
    }

    private async Task<T> RunAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var connection = await _connection.GetAsync(cancellation);

            // SQLite is synchronous, and a commit waits for the disk.
            return await Task.Run(() => work(connection), cancellation);
        }
        catch (SqliteException e)
        {
            throw _connection.Fail(e);
        }
        finally
        {
            _turn.Release();
        }
    }

    private WriteResult Write(SqliteConnection connection, StoreKey key, long expectedVersion, string? value)
    {
        EmbeddedSql.Execute(connection, "BEGIN IMMEDIATE");
        long version;
        try
        {
            var current = EmbeddedSql.Find(connection, _partition, key);
            if ((current?.Version ?? 0) != expectedVersion)
            {
                EmbeddedSql.Execute(connection, "ROLLBACK");
                return new WriteResult.Conflict(current);
            }

            version = EmbeddedSql.NextRevision(connection, isDeletion: value is null);
            if (value is null)
            {
                EmbeddedSql.Remove(connection, _partition, key);
            }
            else
            {
                EmbeddedSql.Put(connection, _partition, key, version, value);
            }
        }
        catch (SqliteException e)
        {
            // Closing the connection rolls back.
            throw _connection.Fail(e);
        }

        try
        {
            EmbeddedSql.Execute(connection, "COMMIT");
        }
        catch (SqliteException e) when (e.SqliteErrorCode != Busy)
        {
            return new WriteResult.Unknown(_connection.Fail(e).Message);
        }

        // A file that was replaced meanwhile has taken the write with it, or not.
        return _connection.IsCurrent
            ? new WriteResult.Applied(version)
            : new WriteResult.Unknown($"{_file.Path} was replaced while it was written");
    }
}
