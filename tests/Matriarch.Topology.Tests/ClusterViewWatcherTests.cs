using Matriarch.Core;
using Microsoft.Extensions.Logging.Abstractions;

namespace Matriarch.Topology.Tests;

public sealed class ClusterViewWatcherTests : IAsyncLifetime
{
    private readonly StoreDirectory _files = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<ClusterView> _changes = [];
    private ITopologyStore _store = null!;
    private InstanceDirectory _main = null!;
    private ClusterViewWatcher _watcher = null!;
    private Task _running = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = await _files.OpenAsync();
        _main = new InstanceDirectory(_store, "main");
        _watcher = new ClusterViewWatcher(_store, NullLogger<ClusterViewWatcher>.Instance);
        _watcher.Changed += _changes.Add;
        _running = _watcher.RunAsync(_stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running);
        await _store.DisposeAsync();
        _files.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public async Task A_failover_is_followed_and_every_view_is_newer_than_the_one_before()
    {
        Assert.Same(ClusterView.Empty, _watcher.Current);
        await ServeAsync("a", 1);
        await _main.RegisterNodeAsync(Samples.Node("b"), Cancellation);
        await SeesAsync("main 1.0 a: a=Primary/Serving b=Replica/Streaming");
        await _main.PublishLeadershipAsync(new LeadershipRecord(new Term(1), 0, null), Cancellation);
        await SeesAsync("main 1.0 -: a=Unknown/Unreachable b=Replica/Streaming");
        await ServeAsync("b", 2);
        await _main.RegisterNodeAsync(Samples.Node("a", state: NodeState.Joining), Cancellation);
        await SeesAsync("main 2.0 b: a=Replica/Joining b=Primary/Serving");
        await _main.RemoveNodeAsync(new NodeId("a"), Cancellation);
        await SeesAsync("main 2.0 b: b=Primary/Serving");
        Assert.Equal(Enumerable.Range(1, _changes.Count).Select(v => (long)v), _changes.Select(c => c.Version));
        Assert.Same(_watcher.Current, _changes[^1]);
    }

    [Fact]
    public async Task Several_instances_are_seen_and_one_left_alone_stays_the_same_object()
    {
        await ServeAsync("a", 1);
        await SeesAsync("main 1.0 a: a=Primary/Serving");
        var main = _watcher.Current.Instances["main"];
        await new InstanceDirectory(_store, "main2").RegisterNodeAsync(Samples.Node("x"), Cancellation);
        await Eventually.HoldsAsync("main2 is seen", () => _watcher.Current.Instances.ContainsKey("main2"));
        Assert.Same(main, _watcher.Current.Instances["main"]);
    }

    [Fact]
    public async Task Writing_what_is_there_already_publishes_nothing()
    {
        await ServeAsync("a", 1);
        await SeesAsync("main 1.0 a: a=Primary/Serving");
        var version = _watcher.Current.Version;
        var record = Samples.Node("a", NodeRole.Primary, NodeState.Serving);
        await _main.RegisterNodeAsync(record with { Heartbeat = "127.0.0.1:1" }, Cancellation); // not in the view
        await ServeAsync("b", 1, publishes: false);
        await Eventually.HoldsAsync("b is seen", () => _watcher.Current.Instances["main"].Nodes.Length == 2);
        Assert.Equal(version + 1, _watcher.Current.Version);
    }

    [Fact]
    public async Task A_wiped_store_leaves_the_last_view_until_it_is_filled_again()
    {
        await ServeAsync("a", 3);
        await _main.RegisterNodeAsync(Samples.Node("b"), Cancellation);
        await SeesAsync("main 3.0 a: a=Primary/Serving b=Replica/Streaming");
        await using var events = new WatchReader(_store, "");
        await Eventually.HoldsAsync("a snapshot", () => events.Sets.Count > 0);
        File.Delete(_files.File);
        await events.SeesAsync("instances/main/leadership", null);
        await ServeAsync("c", 2);
        await events.SeesAsync("instances/main/leadership", """{"term":2,"revision":0,"primary":"c"}""");
        var kept = _watcher.Current.Instances["main"];
        Assert.Equal(("3", "a"), ($"{kept.Term}", $"{kept.PrimaryNode?.Name}"));

        await ServeAsync("c", 4);
        await Eventually.HoldsAsync(
            "term 4 is seen", () => _watcher.Current.Instances["main"] is { Term.Value: 4, Primary.Value: "c" });
    }

    [Fact]
    public async Task Unreadable_records_are_left_out()
    {
        await _store.CompareAndSetAsync(new StoreKey("nodes/main/z"), 0, "nonsense", Cancellation);
        await _store.CompareAndSetAsync(new StoreKey("nodes/main/y"), 0, """{"name":"other"}""", Cancellation);
        await _store.CompareAndSetAsync(new StoreKey("instances/other/leadership"), 0, "nonsense", Cancellation);
        await _store.CompareAndSetAsync(new StoreKey("instances/too/many/leadership"), 0, "{}", Cancellation);
        await ServeAsync("a", 1);
        await SeesAsync("main 1.0 a: a=Primary/Serving");
        Assert.Equal("main", Assert.Single(_watcher.Current.Instances.Keys));
    }

    [Fact]
    public async Task A_reader_gets_the_current_view_and_then_newer_ones()
    {
        await ServeAsync("a", 1);
        await SeesAsync("main 1.0 a: a=Primary/Serving");
        await using var views = _watcher.WatchAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.True(await views.MoveNextAsync());
        var first = views.Current;
        Assert.Same(_watcher.Current, first);
        var next = views.MoveNextAsync().AsTask();
        Assert.False(next.IsCompleted);
        await _main.RegisterNodeAsync(Samples.Node("b"), Cancellation);
        Assert.True(await next.WaitAsync(Eventually.Deadline, Cancellation));
        Assert.True(views.Current.Version > first.Version);
    }

    private async Task ServeAsync(string node, uint term, bool publishes = true)
    {
        await _main.RegisterNodeAsync(Samples.Node(node, NodeRole.Primary, NodeState.Serving), Cancellation);
        if (publishes)
        {
            await _main.PublishLeadershipAsync(new LeadershipRecord(new Term(term), 0, new NodeId(node)), Cancellation);
        }
    }

    private Task SeesAsync(string text) => Eventually.HoldsAsync(
        $"the view is {text}",
        () => _watcher.Current.Instances.TryGetValue("main", out var view)
            && ClusterViewComposerTests.Text(view) == text);
}
