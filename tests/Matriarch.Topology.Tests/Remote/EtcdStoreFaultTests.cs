using System.Text;
using Matriarch.TestKit;

namespace Matriarch.Topology.Tests;

public sealed class EtcdStoreFaultTests : RemoteStoreFaults
{
    private static readonly StoreKey A = new("f/a");

    private EtcdServer Etcd => (EtcdServer)Server;

    private protected override async Task<StoreServer> StartServerAsync() => await EtcdServer.CreateAsync();

    private protected override ITopologyStore Open(int port) => EtcdServer.Open([port], timings: Timings);

    private protected override string PutText => "/v3/kv/txn";

    private protected override string DeleteText => "/v3/kv/txn";

    [Fact]
    public async Task A_dead_endpoint_is_passed_over_by_calls_and_watches()
    {
        await using var store = EtcdServer.Open([FreePorts.Take(), Server.Port], timings: Timings);
        await using var watch = new WatchReader(store, "f/");
        Applied(await store.CompareAndSetAsync(A, 0, "1", Cancellation));
        await watch.SeesAsync("f/a", "1");
    }

    [Fact]
    public async Task A_silent_endpoint_is_left_for_another_one()
    {
        await using var proxy = new FaultyProxy(Server.Port);
        await using var store = EtcdServer.Open([proxy.Port, Server.Port], timings: Timings with
        {
            Call = TimeSpan.FromSeconds(5),
        });
        await using var watch = new WatchReader(store, "f/");
        var first = Applied(await store.CompareAndSetAsync(A, 0, "1", Cancellation));
        await watch.SeesAsync("f/a", "1");
        proxy.Mode = FaultyProxyMode.Silent;
        Assert.Equal("1", (await store.GetAsync(A, Cancellation))?.Value);
        Applied(await store.CompareAndSetAsync(A, first, "2", Cancellation));
        await watch.SeesAsync("f/a", "2");
    }

    [Fact]
    public async Task A_watch_that_missed_compacted_changes_starts_over()
    {
        await using var proxy = new FaultyProxy(Server.Port);
        await using var store = Open(proxy.Port);
        await using var direct = Open(Server.Port);
        await using var watch = new WatchReader(store, "f/");
        var version = Applied(await store.CompareAndSetAsync(A, 0, "1", Cancellation));
        await watch.SeesAsync("f/a", "1");
        proxy.Mode = FaultyProxyMode.Refuse;
        version = Applied(await direct.CompareAndSetAsync(A, version, "2", Cancellation));
        Applied(await direct.DeleteAsync(A, version, Cancellation));
        Applied(await direct.CompareAndSetAsync(new StoreKey("f/b"), 0, "3", Cancellation));
        await Etcd.PostAsync("kv/compaction", new { revision = "5" });
        proxy.Mode = FaultyProxyMode.Pass;
        await watch.SeesAsync("f/b", "3");
        await watch.SeesAsync("f/a", null);
        Assert.Equal(ChangeSetKind.Reset, watch.Sets[^1].Kind);
    }

    [Fact]
    public async Task A_watch_that_begins_behind_a_compaction_reads_the_present()
    {
        await using var store = Open(Server.Port);
        var version = Applied(await store.CompareAndSetAsync(A, 0, "1", Cancellation));
        Applied(await store.CompareAndSetAsync(A, version, "2", Cancellation));
        await Etcd.PostAsync("kv/compaction", new { revision = "3" });
        await using var watch = new WatchReader(store, "f/");
        await watch.SeesAsync("f/a", "2");
    }

    [Fact]
    public async Task An_old_copy_that_has_overtaken_the_watch_is_noticed()
    {
        await using var proxy = new FaultyProxy(Server.Port);
        await using var store = Open(proxy.Port);
        await using var direct = Open(Server.Port);
        Applied(await direct.CompareAndSetAsync(A, 0, "old", Cancellation));
        await Server.KeepCopyAsync();
        await using var watch = new WatchReader(store, "f/");
        Applied(await direct.CompareAndSetAsync(new StoreKey("f/b"), 0, "lost", Cancellation));
        await watch.SeesAsync("f/b", "lost");

        proxy.Mode = FaultyProxyMode.Refuse;
        await Server.RestoreCopyAsync();
        for (var i = 0; i < 9; i++)
        {
            Applied(await direct.CompareAndSetAsync(new StoreKey($"f/c{i}"), 0, "new", Cancellation));
        }

        proxy.Mode = FaultyProxyMode.Pass;
        await watch.SeesAsync("f/c8", "new");
        Assert.Equal(ChangeSetKind.Reset, watch.Sets[^1].Kind);
        Assert.Null(watch.Value("f/b"));
        Assert.Equal("new", watch.Value("f/c0"));
    }

    [Fact]
    public async Task Lists_go_through_all_pages_from_both_ends()
    {
        await using var store = Open(Server.Port);
        var large = new string('x', 60_000);
        for (var i = 0; i < 200; i++)
        {
            Applied(await store.CompareAndSetAsync(new StoreKey($"f/{i:d3}"), 0, large, Cancellation));
        }

        var names = Enumerable.Range(0, 200).Select(i => $"f/{i:d3}").ToList();
        var all = await store.ListAsync(new StorePrefix("f/"), Cancellation);
        Assert.Equal(names, all.Select(e => e.Key.Value));
        var back = await store.ListAsync(
            new StorePrefix("f/"), Cancellation, new ListRange(new StoreKey("f/190"), 150, Descending: true));
        names.Reverse();
        Assert.Equal(names.Skip(10).Take(150), back.Select(e => e.Key.Value));
        await using var watch = new WatchReader(store, "f/");
        await Eventually.HoldsAsync("a snapshot", () => watch.Sets.Count > 0);
        Assert.Equal(200, watch.Sets[0].Written.Length);
    }

    [Fact]
    public async Task What_something_else_has_written_is_left_out_of_lists_and_refused_by_reads()
    {
        await using var store = Open(Server.Port);
        await Etcd.PostAsync("kv/put", new
        {
            key = Convert.ToBase64String(Encoding.ASCII.GetBytes("/tests/one/values/f/a")),
            value = Convert.ToBase64String(Encoding.ASCII.GetBytes("stray")),
        });
        Assert.Empty(await store.ListAsync(StorePrefix.All, Cancellation));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.GetAsync(A, Cancellation));
        Applied(await store.CompareAndSetAsync(A, 0, "1", Cancellation)); // no version of ours is there
        Assert.Equal("1", (await store.GetAsync(A, Cancellation))?.Value);
    }

    [Fact]
    public async Task A_user_logs_in_with_the_password_of_a_file_and_again_when_the_server_has_forgotten()
    {
        await using var directory = await TestDirectory.CreateAsync();
        var file = directory["password"];
        await File.WriteAllTextAsync(file, "secret\n", Cancellation);
        await Etcd.PostAsync("auth/user/add", new { name = "root", password = "secret" });
        await Etcd.PostAsync("auth/role/add", new { name = "root" });
        await Etcd.PostAsync("auth/user/grant", new { user = "root", role = "root" });
        await Etcd.PostAsync("auth/enable", new { });

        await using var store = EtcdServer.Open([Server.Port], "one", Timings, new EtcdCredentials("root", file));
        await using var watch = new WatchReader(store, "f/");
        var version = Applied(await store.CompareAndSetAsync(A, 0, "1", Cancellation));
        await watch.SeesAsync("f/a", "1");
        await Server.StopAsync();
        await Server.StartAsync(); // tokens live in memory
        Applied(await store.CompareAndSetAsync(A, version, "2", Cancellation));
        await watch.SeesAsync("f/a", "2");

        await using var stranger = Open(Server.Port);
        var refusal = await Assert.ThrowsAsync<StoreUnavailableException>(() => stranger.GetAsync(A, Cancellation));
        Assert.Contains("user name is empty", refusal.Message, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, "wrong", Cancellation);
        await using var wrong = EtcdServer.Open([Server.Port], "one", Timings, new EtcdCredentials("root", file));
        refusal = await Assert.ThrowsAsync<StoreUnavailableException>(
            () => wrong.CompareAndSetAsync(A, 0, "3", Cancellation));
        Assert.DoesNotContain("wrong", refusal.ToString(), StringComparison.Ordinal);
    }
}
