using System.Net;
using System.Runtime.CompilerServices;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Matriarch.Core;
using Microsoft.Extensions.Logging;

namespace Matriarch.Topology;

/// <summary>
/// The store in one DynamoDB table: strongly consistent reads, conditional writes under random versions, watches by
/// polling. Lists and snapshots of more than one page are not of one moment: DynamoDB has no such read.
/// </summary>
internal sealed class DynamoDbStore : ITopologyStore
{
    private readonly DynamoDbTable _table;
    private readonly RemoteTimings _timings;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <exception cref="UserException">There are no credentials.</exception>
    public DynamoDbStore(
        DynamoDbAddress address, string partition, RemoteTimings timings, TimeProvider time,
        ILogger<DynamoDbStore> logger)
    {
        try
        {
            _table = new DynamoDbTable(address, partition, timings, time);
        }
        catch (AmazonClientException e)
        {
            throw new UserException(
                $"topology.store: {e.Message}",
                "give AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile or a role", 2, e);
        }

        _timings = timings;
        _time = time;
        _logger = logger;
    }

    public Task<StoreEntry?> GetAsync(StoreKey key, CancellationToken cancellation)
    {
        PortArguments.CheckKey(key);
        return ReadAsync(stop => _table.GetAsync(key, stop), cancellation);
    }

    public Task<WriteResult> CompareAndSetAsync(
        StoreKey key, long expectedVersion, string value, CancellationToken cancellation)
    {
        PortArguments.CheckWrite(key, expectedVersion, value);
        var entry = new StoreEntry(key, VersionStamp.Next(), value);
        return WriteAsync(
            key, entry.Version, isDeletion: false,
            (revision, stop) => _table.PutAsync(entry, revision, expectedVersion, stop), cancellation);
    }

    public Task<WriteResult> DeleteAsync(StoreKey key, long expectedVersion, CancellationToken cancellation)
    {
        PortArguments.CheckDelete(key, expectedVersion);
        return WriteAsync(
            key, VersionStamp.Next(), isDeletion: true,
            (_, stop) => _table.DeleteAsync(key, expectedVersion, stop), cancellation);
    }

    public Task<IReadOnlyList<StoreEntry>> ListAsync(
        StorePrefix prefix, CancellationToken cancellation, ListRange range = default) =>
        ReadAsync<IReadOnlyList<StoreEntry>>(
            async stop => [.. (await _table.ListAsync(prefix, range, stop)).Select(e => e.Entry)], cancellation);

    public async IAsyncEnumerable<ChangeSet> WatchAsync(
        StorePrefix prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var watch = new DynamoDbWatch(_table, prefix, _timings, _time, _logger);
        var backoff = new Backoff(_timings, _time);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            ChangeSet? changes = null;
            var isReached = true;
            try
            {
                changes = await ReadAsync(watch.PollAsync, cancellation);
                watch.NoteReached();
                backoff.Reset();
            }
            catch (StoreUnavailableException e)
            {
                watch.NoteOutage(e.Message);
                isReached = false;
            }

            if (changes is not null)
            {
                yield return changes;
            }

            await (isReached ? Task.Delay(_timings.Poll, _time, cancellation) : backoff.WaitAsync(cancellation));
        }
    }

    public ValueTask DisposeAsync()
    {
        _table.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<WriteResult> WriteAsync(
        StoreKey key, long stamp, bool isDeletion, Func<long, CancellationToken, Task> write,
        CancellationToken cancellation)
    {
        var revision = await ReadAsync(_table.NextRevisionAsync, cancellation);
        var mark = new SentMark();
        DynamoDbHttp.Use(mark);
        try
        {
            using var deadline = new CancellationTokenSource(_timings.Request, _time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
            await write(revision, both.Token);
            return new WriteResult.Applied(stamp);
        }
        catch (ConditionalCheckFailedException)
        {
            return await RefusedAsync(key, stamp, isDeletion, mark, cancellation);
        }
        catch (Exception e) when (IsOfTheWorld(e))
        {
            cancellation.ThrowIfCancellationRequested();
            return mark.MaybeSent && !IsRefusal(e)
                ? new WriteResult.Unknown(Reason(e))
                : throw new StoreUnavailableException(Reason(e), e);
        }
    }

    private async Task<WriteResult> RefusedAsync(
        StoreKey key, long stamp, bool isDeletion, SentMark mark, CancellationToken cancellation)
    {
        var isRepeated = mark.MaybeSentTwice; // the read below is none of it
        var current = await GetAsync(key, cancellation);
        return current?.Version == stamp && !isDeletion ? new WriteResult.Applied(stamp)
            : isRepeated ? new WriteResult.Unknown($"the write of {key} was sent more than once")
            : new WriteResult.Conflict(current);
    }

    private async Task<T> ReadAsync<T>(Func<CancellationToken, Task<T>> read, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(_timings.Call, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        try
        {
            return await read(both.Token);
        }
        catch (Exception e) when (IsOfTheWorld(e))
        {
            cancellation.ThrowIfCancellationRequested();
            throw new StoreUnavailableException(Reason(e), e);
        }
    }

    private static bool IsOfTheWorld(Exception e) =>
        e is AmazonServiceException or AmazonClientException or HttpRequestException or OperationCanceledException
            or TimeoutException or IOException or WebException;

    // An answer of the 400s says that nothing was done (throttled, not allowed, no table); one of the 500s does not.
    private static bool IsRefusal(Exception e) =>
        e is AmazonServiceException
        {
            StatusCode: >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError,
        };

    private static string Reason(Exception e) =>
        e is OperationCanceledException ? "DynamoDB: the time is over" : $"DynamoDB: {e.Message}";
}
