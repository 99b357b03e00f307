namespace Matriarch.Topology.Tests;

/// <summary>What a network does to a store, for every implementation that is reached over one.</summary>
public abstract class RemoteStoreFaults : IAsyncLifetime
{
    private static readonly StoreKey Key = new("f/a");

    private protected static readonly RemoteTimings Timings = RemoteTimings.Default with
    {
        Call = TimeSpan.FromSeconds(2),
        Request = TimeSpan.FromSeconds(1),
        WatchSilence = TimeSpan.FromSeconds(1),
        Poll = TimeSpan.FromMilliseconds(50),
    };

    private FaultyProxy _proxy = null!;
    private ITopologyStore _store = null!;
    private ITopologyStore _direct = null!;

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected StoreServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await StartServerAsync();
        _proxy = new FaultyProxy(Server.Port);
        _store = Open(_proxy.Port);
        _direct = Open(Server.Port);
    }

    public async ValueTask DisposeAsync()
    {
        if (Server is not null)
        {
            await Server.DisposeAsync(); // first: whatever happens next, no process is left
            await _store.DisposeAsync();
            await _direct.DisposeAsync();
            await _proxy.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    private protected abstract Task<StoreServer> StartServerAsync();

    private protected abstract ITopologyStore Open(int port);

    /// <summary>What the request of a write has in it, and no other.</summary>
    private protected abstract string PutText { get; }

    /// <summary>The same of a deletion.</summary>
    private protected abstract string DeleteText { get; }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_write_whose_reply_is_lost_is_unknown_and_a_read_settles_it(bool isClosed)
    {
        var first = Applied(await _store.CompareAndSetAsync(Key, 0, "1", Cancellation));
        var lost = await LoseReplyAsync(
            PutText, isClosed, () => _store.CompareAndSetAsync(Key, first, "2", Cancellation));
        Assert.IsType<WriteResult.Unknown>(lost);
        var settled = await _store.GetAsync(Key, Cancellation);
        Assert.Equal("2", settled?.Value);
        Applied(await _store.CompareAndSetAsync(Key, settled!.Version, "3", Cancellation));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_deletion_whose_reply_is_lost_is_unknown(bool isClosed)
    {
        var first = Applied(await _store.CompareAndSetAsync(Key, 0, "1", Cancellation));
        var lost = await LoseReplyAsync(DeleteText, isClosed, () => _store.DeleteAsync(Key, first, Cancellation));
        Assert.IsType<WriteResult.Unknown>(lost);
        Assert.Null(await _direct.GetAsync(Key, Cancellation));
    }

    [Fact]
    public async Task A_write_that_could_not_be_sent_says_that_nothing_was_written()
    {
        var first = Applied(await _store.CompareAndSetAsync(Key, 0, "1", Cancellation));
        _proxy.Mode = FaultyProxyMode.Refuse;
        await Assert.ThrowsAsync<StoreUnavailableException>(
            () => _store.CompareAndSetAsync(Key, first, "2", Cancellation));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _store.GetAsync(Key, Cancellation));
        Assert.Equal(new StoreEntry(Key, first, "1"), await _direct.GetAsync(Key, Cancellation));
        _proxy.Mode = FaultyProxyMode.Pass;
        Applied(await _store.CompareAndSetAsync(Key, first, "2", Cancellation));
    }

    [Fact]
    public async Task Calls_end_in_time_when_the_network_is_silent()
    {
        await _store.CompareAndSetAsync(Key, 0, "1", Cancellation);
        _proxy.Mode = FaultyProxyMode.Silent;
        var began = TimeProvider.System.GetTimestamp();
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _store.GetAsync(Key, Cancellation));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _store.ListAsync(StorePrefix.All, Cancellation));
        Assert.True(TimeProvider.System.GetElapsedTime(began) < Timings.Call * 3, "the deadlines hold");
        _proxy.CloseConnections();
        _proxy.Mode = FaultyProxyMode.Pass;
        Assert.Equal("1", (await _store.GetAsync(Key, Cancellation))?.Value);
    }

    [Fact]
    public async Task A_cancelled_call_ends_at_once()
    {
        await _store.CompareAndSetAsync(Key, 0, "1", Cancellation);
        _proxy.Mode = FaultyProxyMode.Silent;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var read = _store.GetAsync(Key, stop.Token);
        var write = _store.CompareAndSetAsync(Key, 1, "2", stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write);
    }

    [Fact]
    public async Task A_watch_whose_connection_is_silent_finds_out_and_goes_on()
    {
        await using var watch = new WatchReader(_store, "f/");
        await Eventually.HoldsAsync("a snapshot", () => watch.Sets.Count > 0);
        _proxy.Mode = FaultyProxyMode.Silent;
        var first = Applied(await _direct.CompareAndSetAsync(Key, 0, "1", Cancellation));
        _proxy.Mode = FaultyProxyMode.Pass; // what was swallowed does not come back
        await watch.SeesAsync("f/a", "1");
        Applied(await _direct.CompareAndSetAsync(Key, first, "2", Cancellation));
        await watch.SeesAsync("f/a", "2");
    }

    [Fact]
    public async Task A_watch_goes_on_without_starting_over_after_the_server_was_restarted()
    {
        var first = Applied(await _store.CompareAndSetAsync(Key, 0, "1", Cancellation));
        await using var watch = new WatchReader(_store, "f/");
        await watch.SeesAsync("f/a", "1");
        var second = Applied(await _store.CompareAndSetAsync(Key, first, "2", Cancellation));
        await watch.SeesAsync("f/a", "2");
        await Server.StopAsync();
        await Server.StartAsync();
        Applied(await _direct.CompareAndSetAsync(Key, second, "3", Cancellation));
        await watch.SeesAsync("f/a", "3");
        Assert.All(watch.Sets.Skip(1), s => Assert.Equal(ChangeSetKind.Delta, s.Kind));
    }

    private protected static long Applied(WriteResult result) => TopologyStoreConformance.Applied(result);

    /// <summary>Lets a write reach the server and its reply vanish.</summary>
    private async Task<WriteResult> LoseReplyAsync(string text, bool isClosed, Func<Task<WriteResult>> write)
    {
        _proxy.Trap = (text, isClosed ? FaultyProxyMode.CloseOnReply : FaultyProxyMode.SwallowReplies);
        try
        {
            return await write();
        }
        finally
        {
            _proxy.Trap = null;
            _proxy.CloseConnections();
            _proxy.Mode = FaultyProxyMode.Pass;
        }
    }
}
