using Matriarch.Client;
using Matriarch.TestKit;
using Npgsql;

namespace Matriarch.EndToEnd;

/// <summary>Subscribers of logical slots through changes of the primary: no change is skipped without a word.</summary>
public sealed class LogicalSlotTests(ITestOutputHelper output)
{
    private const string Slot = "subscriber";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task A_subscriber_misses_no_change_through_kills_of_the_primary_and_switchovers()
    {
        await using var cluster = await RunningCluster.UpAsync();
        await cluster.IsHealthyAsync();
        await using var writer = await AcknowledgedWriter.StartAsync(cluster.ConnectionString);
        await RunningCluster.QueryAsync<string>(
            cluster.ConnectionString, $"select pg_create_logical_replication_slot('{Slot}', 'test_decoding')::text");
        var made = await RunningCluster.QueryAsync<long>(cluster.ConnectionString, "select max(id) from written");
        await using var subscriber = SlotSubscriber.Start(cluster.ConnectionString, Slot);
        await subscriber.GoesOnAsync();
        await AreReadyAsync(cluster, subscriber);
        Assert.Equal(2, await CountAsync(cluster, "logical-slots-loading"));

        for (var round = 0; round < 2; round++)
        {
            var before = await cluster.StatusAsync();
            (await cluster.RunAsync("agent", "kill", before.Primary!)).Expect();
            await cluster.IsServedAboveAsync(before.Term);
            await subscriber.GoesOnAsync();
            (await cluster.RunAsync("agent", "start", before.Primary!)).Expect();
            await cluster.IsHealthyAsync();
            await AreReadyAsync(cluster, subscriber);
            (await cluster.RunAsync("switchover")).Expect();
            await subscriber.GoesOnAsync();
            await cluster.IsHealthyAsync();
            await AreReadyAsync(cluster, subscriber);
        }

        Assert.Empty(await writer.LostAsync());
        var written = await IdsAsync(cluster, made);
        await Eventually.HoldsAsync(
            $"the subscriber has all changes (its last error: {subscriber.LastError})",
            () => subscriber.Missing(written).Count == 0, TimeSpan.FromSeconds(60));
        output.WriteLine($"{written.Count} changes written, {subscriber.Received} received, {subscriber.Again} again");
        Assert.Equal(0, await CountAsync(cluster, "logical-slot-dropped"));
        foreach (var node in (await cluster.StatusAsync()).Nodes)
        {
            Assert.Equal(1L, await SlotsOfAsync(cluster, node));
        }
    }

    [Fact]
    public async Task A_slot_that_was_made_just_before_a_failover_is_gone_with_an_event_and_on_the_former_primary_too()
    {
        await using var cluster = await RunningCluster.UpAsync();
        await cluster.IsHealthyAsync();
        var before = await cluster.StatusAsync();
        await RunningCluster.QueryAsync<string>(
            cluster.ConnectionString, $"select pg_create_logical_replication_slot('{Slot}', 'test_decoding')::text");
        await Eventually.HoldsAsync(
            "both replicas know of the slot",
            async () => (await FactsAsync(cluster)).Count(f => f.Kind == "logical-slots-pending") == 2, Patience);

        (await cluster.RunAsync("agent", "kill", before.Primary!)).Expect();
        await cluster.IsServedAboveAsync(before.Term);

        await Eventually.HoldsAsync(
            "the event of the lost slot", async () => await CountAsync(cluster, "logical-slot-dropped") == 1, Patience);
        Assert.Equal(0L, await SlotsOfAsync(cluster, await cluster.PrimaryAsync()));
        (await cluster.RunAsync("agent", "start", before.Primary!)).Expect();
        await cluster.IsHealthyAsync();
        var former = (await cluster.StatusAsync()).Nodes.Single(n => n.Name == before.Primary);
        await Eventually.HoldsAsync(
            "the former primary drops its slot",
            async () => await SlotsOfAsync(cluster, former) == 0, Patience);
    }

    /// <summary>
    /// Nobody has seen anything when all nodes come back at once: what is known is on their disks, and without that no
    /// copy is used.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Slots_outlive_a_crash_of_all_nodes_where_the_new_primary_knows_that_its_copy_is_ready(bool knows)
    {
        await using var cluster = await RunningCluster.UpAsync();
        await cluster.IsHealthyAsync();
        await using var writer = await AcknowledgedWriter.StartAsync(cluster.ConnectionString);
        await RunningCluster.QueryAsync<string>(
            cluster.ConnectionString, $"select pg_create_logical_replication_slot('{Slot}', 'test_decoding')::text");
        await using var subscriber = SlotSubscriber.Start(cluster.ConnectionString, Slot);
        await AreReadyAsync(cluster, subscriber);
        var before = await cluster.StatusAsync();
        foreach (var node in before.Nodes)
        {
            (await cluster.RunAsync("agent", "kill", node.Name)).Expect();
            if (!knows)
            {
                File.Delete(Path.Combine(cluster.Root, "nodes", node.Name, "logical-slots.json"));
            }
        }

        foreach (var node in before.Nodes)
        {
            (await cluster.RunAsync("agent", "start", node.Name)).Expect();
        }

        await cluster.IsServedAboveAsync(before.Term);
        await cluster.IsHealthyAsync();
        Assert.Equal(knows ? 0 : 1, await CountAsync(cluster, "logical-slot-dropped"));
        Assert.Equal(knows ? 1L : 0L, await SlotsOfAsync(cluster, await cluster.PrimaryAsync()));
        if (knows)
        {
            await subscriber.GoesOnAsync();
        }
    }

    /// <summary>As programs do that read a slot as a stream; with these the server itself sends and is told.</summary>
    [Fact]
    public async Task A_subscriber_that_streams_misses_no_change_through_a_kill_and_a_switchover()
    {
        Assert.SkipUnless(File.Exists(StreamingSubscriber.Program), "pg_recvlogical is not installed");
        await using var cluster = await RunningCluster.UpAsync();
        await cluster.IsHealthyAsync();
        await using var writer = await AcknowledgedWriter.StartAsync(cluster.ConnectionString);
        await RunningCluster.QueryAsync<string>(
            cluster.ConnectionString, $"select pg_create_logical_replication_slot('{Slot}', 'test_decoding')::text");
        var made = await RunningCluster.QueryAsync<long>(cluster.ConnectionString, "select max(id) from written");
        await using var subscriber = new StreamingSubscriber(cluster, Slot);
        await subscriber.GoOnAsync();
        await AreReadyAsync(cluster, null);

        var before = await cluster.StatusAsync();
        (await cluster.RunAsync("agent", "kill", before.Primary!)).Expect();
        await cluster.IsServedAboveAsync(before.Term);
        await subscriber.GoOnAsync();
        (await cluster.RunAsync("agent", "start", before.Primary!)).Expect();
        await cluster.IsHealthyAsync();
        await AreReadyAsync(cluster, null);
        (await cluster.RunAsync("switchover")).Expect();
        await subscriber.GoOnAsync();

        Assert.Empty(await writer.LostAsync());
        var written = await IdsAsync(cluster, made);
        await Eventually.HoldsAsync(
            "the subscriber has all changes", () => subscriber.Missing(written).Count == 0, TimeSpan.FromSeconds(60));
        output.WriteLine($"{written.Count} changes written, {subscriber.Received} received");
    }

    private static async Task AreReadyAsync(RunningCluster cluster, SlotSubscriber? subscriber)
    {
        var seen = "";
        try
        {
            await Eventually.HoldsAsync(
                "both replicas could take the slot over",
                async () =>
                {
                    var facts = await FactsAsync(cluster);
                    seen = string.Join('\n', facts.Where(f => f.Topic == "logical-slots").Select(f => f.Text));
                    return facts.Count(f => f.Kind == "logical-slots-ready") == 2;
                },
                Patience);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}\n{seen}\nsubscriber: {subscriber?.LastError}", e);
        }
    }

    private static async Task<IReadOnlyList<FactEntry>> FactsAsync(RunningCluster cluster) =>
        (await cluster.StatusAsync()).Facts ?? [];

    private static async Task<int> CountAsync(RunningCluster cluster, string kind)
    {
        var text = (await cluster.RunAsync("events", "--limit", "1000", "--output", "json")).Expect().Output;
        return text.Split('"').Count(w => w == kind);
    }

    private static Task<long> SlotsOfAsync(RunningCluster cluster, NodeStatus node) => RunningCluster.QueryAsync<long>(
        cluster.Direct(node), "select count(*) from pg_replication_slots where slot_type = 'logical'");

    private static async Task<List<long>> IdsAsync(RunningCluster cluster, long after)
    {
        await using var connection = new NpgsqlConnection(cluster.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select id from written where id > $1", connection);
        command.Parameters.AddWithValue(after);
        await using var reader = await command.ExecuteReaderAsync();
        var ids = new List<long>();
        while (await reader.ReadAsync())
        {
            ids.Add(reader.GetInt64(0));
        }

        return ids;
    }
}
