namespace Matriarch.Topology.Tests;

/// <summary>
/// What every implementation of the store port must do. A test class per implementation derives from it and says how
/// to open, take away and restore its store.
/// </summary>
public abstract partial class TopologyStoreConformance
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Another store object on the same underlying store.</summary>
    protected abstract Task<ITopologyStore> OpenAsync(string cluster);

    /// <summary>Makes the underlying store unreachable for all its objects.</summary>
    protected abstract Task TakeAwayAsync();

    /// <summary>Ends what <see cref="TakeAwayAsync"/> began; nothing is lost.</summary>
    protected abstract Task BringBackAsync();

    /// <summary>Keeps a copy of the underlying store as it is now.</summary>
    protected abstract Task KeepCopyAsync();

    /// <summary>Puts the kept copy in the place of the store while it is open.</summary>
    protected abstract Task RestoreCopyAsync();

    /// <summary>Deletes everything in the underlying store while it is open.</summary>
    protected abstract Task WipeAsync();

    [Fact]
    public async Task A_missing_key_reads_as_none()
    {
        await using var store = await OpenAsync("one");
        Assert.Null(await store.GetAsync(new StoreKey("a"), Cancellation));
        Assert.Empty(await store.ListAsync(StorePrefix.All, Cancellation));
    }

    [Fact]
    public async Task A_key_is_created_once_then_changed_under_its_version()
    {
        await using var store = await OpenAsync("one");
        var key = new StoreKey("a/b");
        var first = Applied(await store.CompareAndSetAsync(key, 0, "1", Cancellation));
        Assert.Equal(new StoreEntry(key, first, "1"), await store.GetAsync(key, Cancellation));

        var again = Assert.IsType<WriteResult.Conflict>(await store.CompareAndSetAsync(key, 0, "2", Cancellation));
        Assert.Equal("1", again.Current?.Value);

        var second = Applied(await store.CompareAndSetAsync(key, first, "2", Cancellation));
        Assert.NotEqual(first, second);
        Assert.Equal("2", (await store.GetAsync(key, Cancellation))?.Value);
    }

    [Fact]
    public async Task A_write_under_an_old_version_conflicts_and_says_what_is_there()
    {
        await using var store = await OpenAsync("one");
        var key = new StoreKey("a");
        var first = Applied(await store.CompareAndSetAsync(key, 0, "1", Cancellation));
        var second = Applied(await store.CompareAndSetAsync(key, first, "2", Cancellation));
        var late = await store.CompareAndSetAsync(key, first, "3", Cancellation);
        Assert.Equal(new StoreEntry(key, second, "2"), Assert.IsType<WriteResult.Conflict>(late).Current);
    }

    [Fact]
    public async Task A_key_that_was_deleted_and_made_again_has_another_version()
    {
        await using var store = await OpenAsync("one");
        var key = new StoreKey("a");
        var first = Applied(await store.CompareAndSetAsync(key, 0, "same", Cancellation));
        Applied(await store.DeleteAsync(key, first, Cancellation));
        Assert.Null(await store.GetAsync(key, Cancellation));
        var second = Applied(await store.CompareAndSetAsync(key, 0, "same", Cancellation));
        Assert.NotEqual(first, second);
        Assert.IsType<WriteResult.Conflict>(await store.CompareAndSetAsync(key, first, "late", Cancellation));
        Assert.IsType<WriteResult.Conflict>(await store.DeleteAsync(key, first, Cancellation));
    }

    [Fact]
    public async Task Changing_or_deleting_what_does_not_exist_conflicts_with_nothing()
    {
        await using var store = await OpenAsync("one");
        var key = new StoreKey("a");
        var change = await store.CompareAndSetAsync(key, 7, "1", Cancellation);
        Assert.Null(Assert.IsType<WriteResult.Conflict>(change).Current);
        Assert.Null(Assert.IsType<WriteResult.Conflict>(await store.DeleteAsync(key, 7, Cancellation)).Current);
    }

    [Fact]
    public async Task A_lost_reply_is_settled_by_reading_again()
    {
        await using var store = new LostReplyStore(await OpenAsync("one")) { LoseAfterApplying = 1 };
        var key = new StoreKey("a");
        Assert.IsType<WriteResult.Unknown>(await store.CompareAndSetAsync(key, 0, "1", Cancellation));
        Assert.Equal("1", (await store.GetAsync(key, Cancellation))?.Value);
        Assert.IsType<WriteResult.Conflict>(await store.CompareAndSetAsync(key, 0, "1", Cancellation));
    }

    [Fact]
    public async Task Counters_raised_by_many_tasks_of_two_store_objects_lose_nothing()
    {
        const int tasks = 8;
        const int raises = 15;
        await using var one = await OpenAsync("one");
        await using var two = await OpenAsync("one");
        var key = new StoreKey("counter");
        await Task.WhenAll(Enumerable.Range(0, tasks).Select(i => Task.Run(
            () => RaiseAsync(i % 2 == 0 ? one : two, key, raises), Cancellation)));
        var final = await one.GetAsync(key, Cancellation);
        Assert.Equal($"{tasks * raises}", final?.Value);
    }

    [Fact]
    public async Task Lists_are_ordered_and_can_be_paged_from_both_ends()
    {
        await using var store = await OpenAsync("one");
        foreach (var name in new[] { "b", "a", "c", "c2", "C" })
        {
            Applied(await store.CompareAndSetAsync(new StoreKey($"f/{name}"), 0, name, Cancellation));
        }

        Applied(await store.CompareAndSetAsync(new StoreKey("f2/x"), 0, "x", Cancellation));
        Applied(await store.CompareAndSetAsync(new StoreKey("f"), 0, "x", Cancellation));
        var folder = new StorePrefix("f/");
        Assert.Equal("C a b c c2", await ListAsync(store, folder, default));
        Assert.Equal("C a", await ListAsync(store, folder, new ListRange(Limit: 2)));
        Assert.Equal("b c", await ListAsync(store, folder, new ListRange(new StoreKey("f/a"), 2)));
        Assert.Equal("c2 c", await ListAsync(store, folder, new ListRange(Limit: 2, Descending: true)));
        Assert.Equal("a C", await ListAsync(store, folder, new ListRange(new StoreKey("f/b"), Descending: true)));
        Assert.Equal(7, (await store.ListAsync(StorePrefix.All, Cancellation)).Count);
    }

    [Fact]
    public async Task Clusters_with_neighbouring_names_never_see_one_another()
    {
        await using var main = await OpenAsync("main");
        var key = new StoreKey("a");
        var mine = Applied(await main.CompareAndSetAsync(key, 0, "of main", Cancellation));
        foreach (var name in new[] { "main2", "mai", "Main", "main-", "main.a", "main_" })
        {
            await using var other = await OpenAsync(name);
            await using var watch = new WatchReader(other, "");
            Assert.Null(await other.GetAsync(key, Cancellation));
            Assert.Empty(await other.ListAsync(StorePrefix.All, Cancellation));
            Assert.IsType<WriteResult.Conflict>(await other.DeleteAsync(key, mine, Cancellation));
            Applied(await other.CompareAndSetAsync(key, 0, $"of {name}", Cancellation));
            await watch.SeesAsync("a", $"of {name}");
            Assert.DoesNotContain(watch.Sets, s => s.Written.Any(e => e.Value != $"of {name}"));
        }

        Assert.Equal(new StoreEntry(key, mine, "of main"), await main.GetAsync(key, Cancellation));
    }

    [Fact]
    public async Task A_value_of_64_KiB_fits_and_one_byte_more_is_refused()
    {
        await using var store = await OpenAsync("one");
        var key = new StoreKey("a");
        var largest = new string('x', StoreValue.MaxBytes - 2) + "é";
        Applied(await store.CompareAndSetAsync(key, 0, largest, Cancellation));
        Assert.Equal(largest, (await store.GetAsync(key, Cancellation))?.Value);
        var refusal = await Assert.ThrowsAsync<ArgumentException>(
            () => store.CompareAndSetAsync(new StoreKey("b"), 0, largest + "x", Cancellation));
        Assert.Contains("65537 bytes", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("65536", refusal.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(
            () => store.CompareAndSetAsync(new StoreKey("b"), 0, "\ud800", Cancellation));
        Assert.Null(await store.GetAsync(new StoreKey("b"), Cancellation));
    }

    [Fact]
    public async Task An_empty_key_or_a_negative_version_is_refused()
    {
        await using var store = await OpenAsync("one");
        await Assert.ThrowsAsync<ArgumentException>(() => store.GetAsync(default, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => store.CompareAndSetAsync(default, 0, "", Cancellation));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => store.CompareAndSetAsync(new StoreKey("a"), -1, "", Cancellation));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => store.DeleteAsync(new StoreKey("a"), 0, Cancellation));
    }

    internal static long Applied(WriteResult result) => Assert.IsType<WriteResult.Applied>(result).Version;

    private static async Task<string> ListAsync(ITopologyStore store, StorePrefix prefix, ListRange range) =>
        string.Join(' ', (await store.ListAsync(prefix, Cancellation, range)).Select(e => e.Key.Name));

    internal static async Task RaiseAsync(ITopologyStore store, StoreKey key, int raises)
    {
        for (var done = 0; done < raises;)
        {
            var entry = await store.GetAsync(key, Cancellation);
            var next = 1 + int.Parse(entry?.Value ?? "0", System.Globalization.CultureInfo.InvariantCulture);
            var result = await store.CompareAndSetAsync(key, entry?.Version ?? 0, $"{next}", Cancellation);
            Assert.IsNotType<WriteResult.Unknown>(result);
            done += result is WriteResult.Applied ? 1 : 0;
        }
    }
}
