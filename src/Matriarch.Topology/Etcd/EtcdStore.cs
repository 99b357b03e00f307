using System.Runtime.CompilerServices;
using Matriarch.Core;
using Microsoft.Extensions.Logging;

namespace Matriarch.Topology;

/// <summary>
/// The store in an etcd cluster (v3, from 3.4 on). Each write is one transaction that compares the key's version, a
/// random stamp kept beside the value: etcd's own revisions come back when an old copy is restored.
/// </summary>
internal sealed class EtcdStore : ITopologyStore
{
    private readonly EtcdClient _client;
    private readonly EtcdKeys _keys;
    private readonly EtcdListing _listing;
    private readonly RemoteTimings _timings;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    public EtcdStore(
        EtcdAddress address, EtcdCredentials? credentials, string partition, RemoteTimings timings, TimeProvider time,
        ILogger<EtcdStore> logger)
    {
        _client = new EtcdClient(address, credentials, timings, time);
        _keys = new EtcdKeys(address.Prefix, partition);
        _listing = new EtcdListing(_client, _keys);
        _timings = timings;
        _time = time;
        _logger = logger;
    }

    public Task<StoreEntry?> GetAsync(StoreKey key, CancellationToken cancellation)
    {
        PortArguments.CheckKey(key);
        return ReadAsync(
            async () =>
            {
                var found = await _client.RangeAsync(
                    new EtcdMessages.RangeRequest(_keys.Value(key)), cancellation);
                return found.Kvs is [var pair] ? Readable(key, pair) : null;
            },
            cancellation);
    }

    public Task<WriteResult> CompareAndSetAsync(
        StoreKey key, long expectedVersion, string value, CancellationToken cancellation)
    {
        PortArguments.CheckWrite(key, expectedVersion, value);
        var stamp = VersionStamp.Next();
        var request = new EtcdMessages.TxnRequest(
            [Expect(key, expectedVersion)],
            [
                new(new EtcdMessages.PutRequest(_keys.Version(key), EtcdKeys.Text(stamp))),
                new(new EtcdMessages.PutRequest(_keys.Value(key), EtcdKeys.Text(stamp, value))),
            ],
            [new(RequestRange: new EtcdMessages.RangeRequest(_keys.Value(key)))]);
        return WriteAsync(key, request, stamp, isDeletion: false, cancellation);
    }

    public Task<WriteResult> DeleteAsync(StoreKey key, long expectedVersion, CancellationToken cancellation)
    {
        PortArguments.CheckDelete(key, expectedVersion);
        var request = new EtcdMessages.TxnRequest(
            [Expect(key, expectedVersion)],
            [
                new(RequestDeleteRange: new EtcdMessages.DeleteRequest(_keys.Version(key))),
                new(RequestDeleteRange: new EtcdMessages.DeleteRequest(_keys.Value(key))),
            ],
            [new(RequestRange: new EtcdMessages.RangeRequest(_keys.Value(key)))]);
        return WriteAsync(key, request, VersionStamp.Next(), isDeletion: true, cancellation);
    }

    public Task<IReadOnlyList<StoreEntry>> ListAsync(
        StorePrefix prefix, CancellationToken cancellation, ListRange range = default) =>
        ReadAsync<IReadOnlyList<StoreEntry>>(
            async () => [.. (await _listing.ReadAsync(prefix, range, cancellation)).Entries.Select(e => e.Entry)],
            cancellation);

    public async IAsyncEnumerable<ChangeSet> WatchAsync(
        StorePrefix prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var watch = new EtcdWatch(_client, _keys, _listing, prefix, _timings, _time, _logger);
        var running = watch.RunAsync(stop.Token);
        try
        {
            while (true)
            {
                var next = watch.Changes.TakeAsync(stop.Token);
                if (await Task.WhenAny(next, running) == running)
                {
                    await running; // says why it ended
                }

                yield return await next;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private EtcdMessages.Compare Expect(StoreKey key, long version) => version == 0
        ? new EtcdMessages.Compare(_keys.Version(key), "CREATE", "EQUAL", CreateRevision: 0)
        : new EtcdMessages.Compare(_keys.Version(key), "VALUE", "EQUAL", EtcdKeys.Text(version));

    private async Task<WriteResult> WriteAsync(
        StoreKey key, EtcdMessages.TxnRequest request, long stamp, bool isDeletion, CancellationToken cancellation)
    {
        var mark = new SentMark();
        try
        {
            var answer = await _client.TxnAsync(request, mark, cancellation);
            if (answer.Succeeded)
            {
                return new WriteResult.Applied(stamp);
            }

            var current = answer.Responses is [{ ResponseRange.Kvs: [var pair] }] ? Readable(key, pair) : null;
            return current?.Version == stamp && !isDeletion ? new WriteResult.Applied(stamp)
                : mark.MaybeSentTwice ? new WriteResult.Unknown($"the write of {key} was sent more than once")
                : new WriteResult.Conflict(current);
        }
        catch (EtcdFailure e)
        {
            cancellation.ThrowIfCancellationRequested();
            return e.MayHaveHappened || (mark.MaybeSent && !e.IsRefusal)
                ? new WriteResult.Unknown(e.Message)
                : throw new StoreUnavailableException(e.Message, e);
        }
    }

    private StoreEntry Readable(StoreKey key, EtcdMessages.KeyValue pair) =>
        _keys.Entry(pair)
        ?? throw new StoreUnavailableException($"what etcd has for {key} was not written by Matriarch");

    private static async Task<T> ReadAsync<T>(Func<Task<T>> read, CancellationToken cancellation)
    {
        try
        {
            return await read();
        }
        catch (EtcdFailure e)
        {
            cancellation.ThrowIfCancellationRequested();
            throw new StoreUnavailableException(e.Message, e);
        }
    }
}
