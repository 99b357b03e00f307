using Matriarch.Core;
using Microsoft.Extensions.Logging.Abstractions;

namespace Matriarch.Topology.Tests;

public sealed class DynamoDbStoreFaultTests : RemoteStoreFaults
{
    private protected override async Task<StoreServer> StartServerAsync() => await DynaliteServer.CreateAsync();

    private protected override ITopologyStore Open(int port) => DynaliteServer.Open(port, timings: Timings);

    private protected override string PutText => ".PutItem";

    private protected override string DeleteText => ".DeleteItem";

    [Fact]
    public async Task Lists_go_through_all_pages()
    {
        await using var store = Open(Server.Port);
        var large = new string('x', 30_000);
        for (var i = 0; i < 120; i++)
        {
            Applied(await store.CompareAndSetAsync(new StoreKey($"f/{i:d3}"), 0, large, Cancellation));
        }

        var all = await store.ListAsync(new StorePrefix("f/"), Cancellation);
        Assert.Equal(Enumerable.Range(0, 120).Select(i => $"f/{i:d3}"), all.Select(e => e.Key.Value));
    }

    [Fact]
    public async Task Several_stores_that_make_the_table_at_once_all_get_it()
    {
        var stores = Enumerable.Range(0, 4).Select(_ => Open(Server.Port)).ToList();
        await Task.WhenAll(stores.Select(
            (s, i) => s.CompareAndSetAsync(new StoreKey($"k{i}"), 0, "1", Cancellation)));
        Assert.Equal(4, (await stores[0].ListAsync(StorePrefix.All, Cancellation)).Count);
        foreach (var store in stores)
        {
            await store.DisposeAsync();
        }
    }

    [Fact]
    public async Task Its_address_opens_it()
    {
        var options = new TopologyOptions
        {
            Store = $"dynamodb://eu-west-1/another?endpoint=http://127.0.0.1:{Server.Port}",
        };
        await using var store = await TopologyStores.OpenAsync(
            options, "one", TimeProvider.System, NullLoggerFactory.Instance, Cancellation);
        Applied(await store.CompareAndSetAsync(new StoreKey("a"), 0, "1", Cancellation));
        await Assert.ThrowsAsync<UserException>(() => TopologyStores.OpenAsync(
            options, "a/b", TimeProvider.System, NullLoggerFactory.Instance, Cancellation));
    }
}
