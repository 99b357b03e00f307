namespace Matriarch.Topology.Tests;

public abstract partial class TopologyStoreConformance
{
    [Fact]
    public async Task A_watch_starts_with_a_snapshot_even_of_nothing()
    {
        await using var store = await OpenAsync("one");
        await using var empty = new WatchReader(store, "f/");
        await Eventually.HoldsAsync("a snapshot", () => empty.Sets.Count > 0);
        Assert.Equal(ChangeSetKind.Snapshot, empty.Sets[0].Kind);
        Assert.Empty(empty.Sets[0].Written);

        await WriteAsync(store, "f/a", "1");
        await WriteAsync(store, "g/a", "1");
        await using var full = new WatchReader(store, "f/");
        await full.SeesAsync("f/a", "1");
        Assert.Equal(ChangeSetKind.Snapshot, full.Sets[0].Kind);
        Assert.Equal("f/a", Assert.Single(full.Sets[0].Written).Key.Value);
    }

    [Fact]
    public async Task A_watch_sees_writes_of_its_own_object_and_of_others_and_deletions()
    {
        await using var store = await OpenAsync("one");
        await using var other = await OpenAsync("one");
        await using var watch = new WatchReader(store, "f/");
        await WriteAsync(store, "f/own", "1");
        await watch.SeesAsync("f/own", "1");
        await WriteAsync(other, "f/other", "1");
        await watch.SeesAsync("f/other", "1");
        await WriteAsync(other, "g/elsewhere", "1");
        var own = await other.GetAsync(new StoreKey("f/own"), Cancellation);
        Applied(await other.DeleteAsync(own!.Key, own.Version, Cancellation));
        await watch.SeesAsync("f/own", null);
        Assert.DoesNotContain(watch.Sets, s => s.Written.Any(e => e.Key.Value.StartsWith('g')));
        Assert.DoesNotContain(watch.Sets.Skip(1), s => s.Kind != ChangeSetKind.Delta);
    }

    [Fact]
    public async Task A_watch_sees_every_final_state_in_order()
    {
        const int writes = 200;
        await using var store = await OpenAsync("one");
        await using var watch = new WatchReader(store, "f/");
        for (var i = 1; i <= writes; i++)
        {
            await WriteAsync(store, $"f/{i % 7}", $"{i}");
        }

        for (var i = writes - 6; i <= writes; i++)
        {
            await watch.SeesAsync($"f/{i % 7}", $"{i}");
        }

        var seen = watch.Sets.SelectMany(s => s.Written).Select(e => int.Parse(
            e.Value, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(seen.Order(), seen);
    }

    [Fact]
    public async Task A_slow_reader_gets_fewer_change_sets_with_the_last_states()
    {
        await using var store = await OpenAsync("one");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await using var watch = store.WatchAsync(new StorePrefix("f/"), stop.Token).GetAsyncEnumerator(stop.Token);
        Assert.True(await watch.MoveNextAsync());
        for (var i = 1; i <= 100; i++)
        {
            await WriteAsync(store, "f/a", $"{i}");
        }

        // A store that pushes may still be about to deliver the last of them.
        var sets = 0;
        do
        {
            Assert.True(await watch.MoveNextAsync());
            sets++;
        }
        while (Assert.Single(watch.Current.Written).Value != "100");

        Assert.InRange(sets, 1, 10);
    }

    [Fact]
    public async Task A_cancelled_watch_ends()
    {
        await using var store = await OpenAsync("one");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await using var watch = store.WatchAsync(StorePrefix.All, stop.Token).GetAsyncEnumerator(stop.Token);
        Assert.True(await watch.MoveNextAsync());
        var next = watch.MoveNextAsync().AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => next.WaitAsync(Eventually.Deadline, Cancellation));
    }

    [Fact]
    public async Task An_outage_is_said_by_every_method_and_waited_out_by_watches()
    {
        await using var store = await OpenAsync("one");
        var key = new StoreKey("f/a");
        var version = await WriteAsync(store, "f/a", "1");
        await using var watch = new WatchReader(store, "f/");
        await watch.SeesAsync("f/a", "1");

        await TakeAwayAsync();
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.GetAsync(key, Cancellation));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.ListAsync(StorePrefix.All, Cancellation));
        await Assert.ThrowsAsync<StoreUnavailableException>(
            () => store.CompareAndSetAsync(key, version, "2", Cancellation));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.DeleteAsync(key, version, Cancellation));
        Assert.Equal("1", watch.Value("f/a"));

        await BringBackAsync();
        Assert.Equal(new StoreEntry(key, version, "1"), await store.GetAsync(key, Cancellation));
        Applied(await store.CompareAndSetAsync(key, version, "2", Cancellation));
        await watch.SeesAsync("f/a", "2");
    }

    [Fact]
    public async Task A_restored_old_copy_resets_watches_and_gives_no_version_twice()
    {
        await using var store = await OpenAsync("one");
        var key = new StoreKey("f/a");
        await WriteAsync(store, "f/a", "old");
        await KeepCopyAsync();
        var versions = new HashSet<long>
        {
            await WriteAsync(store, "f/a", "new"),
            await WriteAsync(store, "f/b", "new"),
        };
        await using var watch = new WatchReader(store, "f/");
        await watch.SeesAsync("f/b", "new");

        await RestoreCopyAsync();
        await watch.SeesAsync("f/a", "old");
        await watch.SeesAsync("f/b", null);
        Assert.Contains(watch.Sets, s => s.Kind == ChangeSetKind.Reset);
        Assert.Equal("old", (await store.GetAsync(key, Cancellation))?.Value);
        for (var i = 0; i < 5; i++)
        {
            Assert.DoesNotContain(await WriteAsync(store, "f/b", $"{i}"), versions);
        }

        await watch.SeesAsync("f/b", "4");
    }

    [Fact]
    public async Task A_wiped_store_heals_and_resets_watches()
    {
        await using var store = await OpenAsync("one");
        await using var other = await OpenAsync("one");
        var version = await WriteAsync(store, "f/a", "1");
        await using var watch = new WatchReader(other, "f/");
        await watch.SeesAsync("f/a", "1");

        await WipeAsync();
        await watch.SeesAsync("f/a", null);
        Assert.Equal(ChangeSetKind.Reset, watch.Sets[^1].Kind);
        var again = await WriteAsync(store, "f/a", "2");
        Assert.NotEqual(version, again);
        await watch.SeesAsync("f/a", "2");
        Assert.Equal("2", (await other.GetAsync(new StoreKey("f/a"), Cancellation))?.Value);
    }

    private static async Task<long> WriteAsync(ITopologyStore store, string key, string value)
    {
        var at = new StoreKey(key);
        var entry = await store.GetAsync(at, Cancellation);
        return Applied(await store.CompareAndSetAsync(at, entry?.Version ?? 0, value, Cancellation));
    }
}
