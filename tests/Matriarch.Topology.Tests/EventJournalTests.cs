namespace Matriarch.Topology.Tests;

public sealed class EventJournalTests : IAsyncLifetime
{
    private readonly StoreDirectory _files = new();
    private LostReplyStore _store = null!;
    private InstanceDirectory _main = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = new LostReplyStore(await _files.OpenAsync());
        _main = new InstanceDirectory(_store, "main");
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _files.Dispose();
    }

    [Fact]
    public async Task Events_are_listed_in_order_and_paged()
    {
        var ids = new List<string>();
        for (var i = 1; i <= 5; i++)
        {
            ids.Add((await _main.AppendEventAsync(Samples.Event($"{i}"), Cancellation)).Id);
        }

        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
        Assert.Equal("1 2 3 4 5", Messages(await _main.ListEventsAsync(null, 100, Cancellation)));
        Assert.Equal("1 2", Messages(await _main.ListEventsAsync(null, 2, Cancellation)));
        Assert.Equal("3 4", Messages(await _main.ListEventsAsync(ids[1], 2, Cancellation)));
        Assert.Equal("", Messages(await _main.ListEventsAsync(ids[4], 2, Cancellation)));
        Assert.Equal("4 5", Messages(await _main.ListNewestEventsAsync(2, Cancellation)));
        Assert.Empty(await new InstanceDirectory(_store, "main2").ListEventsAsync(null, 100, Cancellation));
        var first = (await _main.ListEventsAsync(null, 1, Cancellation))[0];
        Assert.Equal(("main", "a", "leadership-changed"), (first.Instance, first.Node.Value, first.Kind));
        Assert.Equal(TimeSpan.Zero, first.At.Offset);
        Assert.Equal(Samples.Event("").At, first.At);
    }

    [Fact]
    public async Task Events_of_many_writers_get_ids_without_gaps()
    {
        await using var elsewhere = await _files.OpenAsync();
        var other = new InstanceDirectory(elsewhere, "main");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(w => Task.Run(
            async () =>
            {
                for (var i = 0; i < 10; i++)
                {
                    await (w % 2 == 0 ? _main : other).AppendEventAsync(Samples.Event($"{w}-{i}"), Cancellation);
                }
            },
            Cancellation)));
        var events = await _main.ListEventsAsync(null, 1000, Cancellation);
        Assert.Equal(40, events.Select(e => e.Message).Distinct().Count());
        var ids = events.Select(e => long.Parse(e.Id, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(Enumerable.Range(0, 40).Select(i => ids[0] + i), ids);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(0, 1)]
    public async Task An_event_whose_reply_was_lost_is_told_once(int afterApplying, int beforeSending)
    {
        (_store.LoseAfterApplying, _store.LoseBeforeSending) = (afterApplying, beforeSending);
        var told = await _main.AppendEventAsync(Samples.Event("once"), Cancellation);
        Assert.Equal([told], await _main.ListEventsAsync(null, 10, Cancellation));
    }

    [Fact]
    public async Task Only_about_the_newest_thousand_are_kept()
    {
        const int appended = 1130;
        for (var i = 1; i <= appended; i++)
        {
            await _main.AppendEventAsync(Samples.Event($"{i}"), Cancellation);
        }

        var kept = await _store.ListAsync(new StorePrefix("events/main/"), Cancellation);
        Assert.InRange(kept.Count, EventJournal.Kept, EventJournal.Kept + EventJournal.PruneEvery);
        var newest = await _main.ListNewestEventsAsync(1000, Cancellation);
        Assert.Equal(Enumerable.Range(appended - 999, 1000).Select(i => $"{i}"), newest.Select(e => e.Message));
    }

    [Fact]
    public async Task A_watch_tells_what_is_kept_and_then_what_happens()
    {
        var first = await _main.AppendEventAsync(Samples.Event("1"), Cancellation);
        await _main.AppendEventAsync(Samples.Event("2"), Cancellation);
        await using var all = _main.WatchEventsAsync(null, Cancellation).GetAsyncEnumerator(Cancellation);
        await using var later = _main.WatchEventsAsync(first.Id, Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.Equal("1", await NextAsync(all));
        Assert.Equal("2", await NextAsync(all));
        Assert.Equal("2", await NextAsync(later));
        await _main.AppendEventAsync(Samples.Event("3"), Cancellation);
        Assert.Equal("3", await NextAsync(all));
        Assert.Equal("3", await NextAsync(later));
    }

    [Fact]
    public async Task A_watch_tells_nothing_twice_and_misses_nothing_when_the_store_was_wiped()
    {
        await using var watch = _main.WatchEventsAsync(null, Cancellation).GetAsyncEnumerator(Cancellation);
        await _main.AppendEventAsync(Samples.Event("1"), Cancellation);
        Assert.Equal("1", await NextAsync(watch));
        File.Delete(_files.File);
        await Eventually.GetAsync("an event in the new store", async () =>
        {
            try
            {
                var happened = Samples.Event("2") with { At = Samples.Event("").At.AddSeconds(1) };
                return await _main.AppendEventAsync(happened, Cancellation);
            }
            catch (StoreUnavailableException)
            {
                return null;
            }
        });
        Assert.Equal("2", await NextAsync(watch));
    }

    [Fact]
    public async Task An_unreadable_event_is_left_out()
    {
        var first = await _main.AppendEventAsync(Samples.Event("1"), Cancellation);
        var next = long.Parse(first.Id, System.Globalization.CultureInfo.InvariantCulture) + 1;
        await _store.CompareAndSetAsync(new StoreKey($"events/main/{next:D16}"), 0, "nonsense", Cancellation);
        await _main.AppendEventAsync(Samples.Event("3"), Cancellation);
        Assert.Equal("1 3", Messages(await _main.ListEventsAsync(null, 10, Cancellation)));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("1")]
    [InlineData("00000000000000010")]
    public async Task What_is_no_event_id_is_refused(string after)
    {
        await Assert.ThrowsAsync<FormatException>(() => _main.ListEventsAsync(after, 1, Cancellation));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _main.ListEventsAsync(null, 0, Cancellation));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _main.ListEventsAsync(null, 1001, Cancellation));
    }

    private static string Messages(IEnumerable<EventRecord> events) => string.Join(' ', events.Select(e => e.Message));

    private static async Task<string> NextAsync(IAsyncEnumerator<EventRecord> watch)
    {
        Assert.True(await watch.MoveNextAsync().AsTask().WaitAsync(Eventually.Deadline, Cancellation));
        return watch.Current.Message;
    }
}
