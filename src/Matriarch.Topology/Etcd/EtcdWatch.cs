using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Matriarch.Topology;

/// <summary>
/// Follows a prefix in etcd. After an interruption it goes on behind the last revision it has seen, but only if etcd
/// still has that very write at that revision: otherwise history may be another one (wiped, restored from an old copy)
/// or is compacted, and everything is read again.
/// </summary>
internal sealed partial class EtcdWatch(
    EtcdClient client, EtcdKeys keys, EtcdListing listing, StorePrefix prefix, RemoteTimings timings,
    TimeProvider time, ILogger logger)
{
    private readonly Backoff _backoff = new(timings, time);

    // The last revision that Changes knows, and the write that made it; null when that was not a write.
    private long _revision;
    private StoreEntry? _proof;
    private bool _isInterrupted;

    public PendingChanges Changes { get; } = new();

    /// <summary>Runs until cancelled, through every outage.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var endpoint = client.Preferred;
            var reason = "etcd has ended it";
            try
            {
                await FollowAsync(endpoint, cancellation);
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested
                && e is EtcdFailure or HttpRequestException or IOException or JsonException)
            {
                reason = e.Message;
            }

            cancellation.ThrowIfCancellationRequested();
            client.Leave(endpoint);
            if (!_isInterrupted)
            {
                _isInterrupted = true;
                LogInterrupted(logger, prefix.Value, reason);
            }

            await _backoff.WaitAsync(cancellation);
        }
    }

    private async Task FollowAsync(Uri endpoint, CancellationToken cancellation)
    {
        var how = "behind";
        if (!await IsSameHistoryAsync(cancellation))
        {
            await StartOverAsync(cancellation);
            how = "anew at";
        }

        var (first, end) = keys.Values(prefix);
        using var response = await client.WatchAsync(
            new EtcdMessages.WatchRequest(new EtcdMessages.WatchCreate(first, end, _revision + 1)), endpoint,
            cancellation);
        await using var lines = new EtcdLines(await response.Content.ReadAsStreamAsync(cancellation));
        if (_isInterrupted)
        {
            LogGoesOn(logger, prefix.Value, how, _revision);
            _isInterrupted = false;
        }

        while (await NextAsync(lines, endpoint, cancellation) is { } line)
        {
            _backoff.Reset();
            if (line.Error is { } fault)
            {
                throw new EtcdFailure(fault.Message ?? "an error", fault.GrpcCode, mayHaveHappened: false);
            }

            if (line.Result is { Canceled: true } canceled)
            {
                _proof = null; // compacted: start over
                throw new EtcdFailure(
                    canceled.CompactRevision > 0
                        ? $"what follows revision {_revision} has been compacted"
                        : canceled.CancelReason ?? "etcd has cancelled the watch",
                    -1, mayHaveHappened: false);
            }

            Take(line.Result?.Events ?? []);
        }
    }

    // Silence is either rest or a dead connection. A linearizable read of the same keys tells: it fails at a member
    // that has lost its cluster, and it finds writes that the watch should have delivered.
    private async Task<EtcdMessages.WatchLine?> NextAsync(
        EtcdLines lines, Uri endpoint, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var next = lines.ReadAsync(stop.Token);
        long due = 0;
        try
        {
            while (true)
            {
                using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
                var over = Task.Delay(timings.WatchSilence, time, silence.Token);
                var isOver = await Task.WhenAny(next, over) == over;
                await silence.CancelAsync();
                if (!isOver || next.IsCompleted)
                {
                    return await next;
                }

                cancellation.ThrowIfCancellationRequested();
                if (due > _revision)
                {
                    throw new IOException($"{endpoint.Authority} is silent about revision {due}");
                }

                due = await FindMissedAsync(cancellation);
                if (client.Preferred != endpoint)
                {
                    throw new IOException($"{endpoint.Authority} does not answer reads");
                }
            }
        }
        finally
        {
            await stop.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<long> FindMissedAsync(CancellationToken cancellation)
    {
        var (first, end) = keys.Values(prefix);
        var missed = await client.RangeAsync(
            new EtcdMessages.RangeRequest(
                first, end, Limit: 1, KeysOnly: true, MinModRevision: _revision + 1), cancellation);
        if (missed.Header?.Revision < _revision)
        {
            throw new IOException($"etcd is at revision {missed.Header.Revision} and was at {_revision}");
        }

        return missed.Kvs is [var pair] ? pair.ModRevision : 0;
    }

    private void Take(IReadOnlyList<EtcdMessages.Event> events)
    {
        foreach (var happened in events)
        {
            if (happened.Kv is not { } pair || keys.Key(pair.Key) is not { } key)
            {
                continue; // written by something else
            }

            var entry = string.Equals(happened.Type, "DELETE", StringComparison.Ordinal) ? null : keys.Entry(pair);
            if (entry is not null)
            {
                Changes.Write(entry);
            }
            else if (!Changes.TryDelete(key))
            {
                _proof = null;
                throw new IOException($"more than {PendingChanges.MostDeletions} deletions wait for a slow reader");
            }

            (_revision, _proof) = (pair.ModRevision, entry);
        }
    }

    private async Task StartOverAsync(CancellationToken cancellation)
    {
        var all = await listing.ReadAsync(prefix, default, cancellation);
        var ordered = all.Entries.OrderBy(e => e.ModRevision).ToList();
        Changes.StartOver(ordered.Select(e => e.Entry));
        _revision = all.Revision;
        _proof = ordered.Count > 0 && ordered[^1].ModRevision == all.Revision ? ordered[^1].Entry : null;
    }

    private async Task<bool> IsSameHistoryAsync(CancellationToken cancellation)
    {
        if (_proof is not { } proof)
        {
            return false;
        }

        try
        {
            var found = await client.RangeAsync(
                new EtcdMessages.RangeRequest(keys.Value(proof.Key), Revision: _revision), cancellation);
            return found.Kvs is [var pair] && pair.ModRevision == _revision
                && keys.Entry(pair)?.Version == proof.Version;
        }
        catch (EtcdFailure e) when (e.IsOutOfRange)
        {
            return false; // compacted, or this etcd has not come so far: an older one
        }
    }
}
