using Matriarch.Core;

namespace Matriarch.Topology.Tests;

/// <summary>The global part of a store and those of cells, all in one place.</summary>
public abstract partial class TopologyStoreConformance
{
    [Fact]
    public async Task What_is_global_and_what_is_of_each_cell_never_meet_in_one_store()
    {
        string[] parts =
        [
            StorePartition.OfCluster("main"), StorePartition.OfCluster("main2"), StorePartition.OfCluster("a"),
            StorePartition.OfCell("main", "a"), StorePartition.OfCell("main", "a2"), StorePartition.OfCell("main", "A"),
            StorePartition.OfCell("main", "a.values"), StorePartition.OfCell("main", "main"),
            StorePartition.OfCell("main2", "a"), StorePartition.OfCell("a", "main"),
        ];
        var key = new StoreKey("values/a");
        var stores = new List<ITopologyStore>();
        var watches = new List<WatchReader>();
        try
        {
            foreach (var part in parts)
            {
                stores.Add(await OpenAsync(part));
                watches.Add(new WatchReader(stores[^1], ""));
                Assert.Empty(await stores[^1].ListAsync(StorePrefix.All, Cancellation));
                Applied(await stores[^1].CompareAndSetAsync(key, 0, $"of {part}", Cancellation));
            }

            foreach (var (part, store, watch) in parts.Zip(stores, watches))
            {
                await watch.SeesAsync("values/a", $"of {part}");
                Assert.DoesNotContain(watch.Sets, s => s.Written.Any(e => e.Value != $"of {part}"));
                var all = await store.ListAsync(StorePrefix.All, Cancellation);
                Assert.Equal($"of {part}", Assert.Single(all).Value);
            }
        }
        finally
        {
            foreach (var watch in watches)
            {
                await watch.DisposeAsync();
            }

            foreach (var store in stores)
            {
                await store.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task Each_cell_keeps_the_newest_leadership_that_it_was_told_whatever_the_other_knows()
    {
        await using var east = await OpenAsync(StorePartition.OfCell("main", "east"));
        await using var west = await OpenAsync(StorePartition.OfCell("main", "west"));
        var (ofEast, ofWest) = (new InstanceDirectory(east, "main"), new InstanceDirectory(west, "main"));
        var second = new LeadershipRecord(new Term(2), 4, new NodeId("a"));
        var third = new LeadershipRecord(new Term(3), 0, new NodeId("b"));

        Assert.True((await ofEast.PublishLeadershipAsync(second, Cancellation)).IsCurrent);
        Assert.True((await ofWest.PublishLeadershipAsync(third, Cancellation)).IsCurrent);

        // Late news of the cell that was cut off reaches the other, and the other way round.
        Assert.Equal(
            new LeadershipPublication(false, third), await ofWest.PublishLeadershipAsync(second, Cancellation));
        Assert.Equal(second, await ofEast.GetLeadershipAsync(Cancellation));
        Assert.True((await ofEast.PublishLeadershipAsync(third, Cancellation)).IsCurrent);
        Assert.Equal(
            new LeadershipPublication(false, third), await ofEast.PublishLeadershipAsync(second, Cancellation));
    }
}
