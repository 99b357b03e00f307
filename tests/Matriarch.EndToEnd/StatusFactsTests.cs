using System.Globalization;
using System.Text.Json;
using Matriarch.Client;
using Matriarch.TestKit;
using Npgsql;

namespace Matriarch.EndToEnd;

/// <summary>What a person sees of a failure while it lasts, and what can be read of it afterwards.</summary>
public sealed class StatusFactsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task The_facts_of_a_failure_appear_and_go_and_the_story_is_in_the_database()
    {
        await using var cluster = await RunningCluster.UpAsync();
        await cluster.IsHealthyAsync();
        await HasAsync(cluster, "healthy", "voters-complete", "failover-none", "gateway-serving", "durability-held");
        var before = await cluster.StatusAsync();
        var (gone, other) = (before.Primary!, before.Nodes.First(n => n.Name != before.Primary).Name);

        (await cluster.RunAsync("agent", "kill", gone)).Expect();
        await cluster.IsServedAboveAsync(before.Term);
        await HasAsync(cluster, "degraded", "voters-missing", "replica-unreachable", "failover-none");
        var shown = (await cluster.RunAsync("status")).Expect().Output;
        Assert.Contains("warning  degraded", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("failover-none", shown, StringComparison.Ordinal);

        // Of three only one is left: nobody may serve, and it says so.
        (await cluster.RunAsync("agent", "kill", other)).Expect();
        await HasAsync(cluster, "no-primary", "elections-impossible", "failover-waiting");
        (await cluster.RunAsync("agent", "start", other)).Expect();
        (await cluster.RunAsync("agent", "start", gone)).Expect();
        await cluster.IsHealthyAsync();
        await HasAsync(cluster, "healthy", "voters-complete", "failover-none", "gateway-serving", "durability-held");

        var story = await SettledStoryAsync(cluster);
        string[] expected = ["leader-serving", "degraded", "no-primary", "leader-serving", "healthy"];
        Assert.True(In(story, expected), string.Join('\n', story));
    }

    [Fact]
    public async Task A_gateway_that_is_gone_is_seen()
    {
        await using var cluster = await RunningCluster.UpAsync("--nodes", "1");
        (await cluster.RunAsync("gateway", "kill")).Expect();

        await HasAsync(cluster, "healthy", "gateway-down");
        (await cluster.RunAsync("gateway", "start")).Expect();
        await HasAsync(cluster, "healthy", "gateway-serving");
    }

    private static async Task HasAsync(RunningCluster cluster, params string[] kinds)
    {
        List<string> seen = [];
        try
        {
            await Eventually.HoldsAsync(
                $"the facts {string.Join(", ", kinds)}",
                async () =>
                {
                    seen = [.. (await cluster.StatusAsync()).Facts!.Select(f => f.Kind)];
                    return kinds.All(seen.Contains);
                },
                Patience);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}; there are {string.Join(", ", seen)}", e);
        }
    }

    /// <summary>What both the store and the database tell, once that is the same and ends well.</summary>
    private static async Task<List<Told>> SettledStoryAsync(RunningCluster cluster)
    {
        List<Told> story = [], told = [];
        try
        {
            await Eventually.HoldsAsync(
                "all events are in matriarch.event, each once",
                async () =>
                {
                    story = await StoryAsync(cluster);
                    told = await ToldAsync(cluster);
                    return told.Count > 0 && told.SequenceEqual(story)
                        && story.FindLastIndex(e => e.Kind == "healthy")
                            > story.FindLastIndex(e => e.Kind == "no-primary");
                },
                Patience);
        }
        catch (TimeoutException e)
        {
            string[] lines =
            [
                e.Message, "only in the store:", .. told.Except(story).Select(t => $"{t}"),
                "only in the database:", .. story.Except(told).Select(t => $"{t}"),
                "in the database:", .. story.Select(t => $"{t}"),
            ];
            throw new TimeoutException(string.Join('\n', lines), e);
        }

        return story;
    }

    /// <summary>The rows of the table.</summary>
    private static async Task<List<Told>> StoryAsync(RunningCluster cluster)
    {
        await using var connection = new NpgsqlConnection(cluster.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "select id, kind, message from matriarch.event order by id", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<Told>();
        while (await reader.ReadAsync())
        {
            rows.Add(new Told(reader.GetInt64(0), reader.GetString(1), reader.GetString(2)));
        }

        return rows;
    }

    /// <summary>The events of the store, which people see in the order of time.</summary>
    private static async Task<List<Told>> ToldAsync(RunningCluster cluster)
    {
        var result = (await cluster.RunAsync("events", "--limit", "1000", "--output", "json")).Expect();
        var events = JsonSerializer.Deserialize(result.Output, ApiJson.Default.EventsDocument)!.Events;
        return
        [
            .. events.Select(e => new Told(long.Parse(e.Id, CultureInfo.InvariantCulture), e.Kind, e.Message))
                .OrderBy(e => e.Id),
        ];
    }

    /// <summary>Whether these kinds come in this order, whatever comes between.</summary>
    private static bool In(List<Told> story, params string[] kinds)
    {
        var next = 0;
        foreach (var told in story)
        {
            next += next < kinds.Length && told.Kind == kinds[next] ? 1 : 0;
        }

        return next == kinds.Length;
    }

    private sealed record Told(long Id, string Kind, string Message);
}
