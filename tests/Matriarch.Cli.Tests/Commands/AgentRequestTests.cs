using Matriarch.Client;
using static Matriarch.Cli.Tests.Samples;

namespace Matriarch.Cli.Tests;

public sealed class AgentRequestTests : IAsyncLifetime
{
    private const string Token = "a-token";
    private readonly Sandbox _sandbox = new();
    private readonly Dictionary<string, FakeAgentServer> _agents = new(StringComparer.Ordinal);

    public async ValueTask InitializeAsync()
    {
        var ports = Ports.Draw(3, 0);
        var cluster = Cluster(_sandbox.Paths.Root);
        cluster = cluster with { Nodes = [.. cluster.Nodes.Select((n, i) => n with { ApiPort = ports[i] })] };
        Directory.CreateDirectory(_sandbox.Paths.Secrets);
        File.WriteAllText(_sandbox.Paths.ClusterFile, cluster.ToYaml());
        File.WriteAllText(_sandbox.Paths.Secret(SecretNames.ApiToken), Token + "\n");

        // The agent of c does not run.
        foreach (var node in cluster.Nodes.Where(n => n.Name != "c"))
        {
            var agent = await FakeAgentServer.StartAsync(node.ApiPort, Token);
            agent.Local = new LocalStatus(node.Name, int.MaxValue, null);
            agent.Status = new StatusDocument([Instance(5, "b", Replica("a"), Primary("b"), Replica("c"))]);
            _agents.Add(node.Name, agent);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var agent in _agents.Values)
        {
            await agent.DisposeAsync();
        }

        await _sandbox.DisposeAsync();
    }

    [Fact]
    public async Task Status_shows_the_silent_agent_too()
    {
        var status = await _sandbox.RunHereAsync("status");

        Assert.Equal((0, ""), (status.Code, status.Error));
        Assert.Contains("  c     c     -        unreachable", status.Out, StringComparison.Ordinal);
        Assert.Contains("  c: its agent does not answer: connection refused", status.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_tells_that_the_gateway_is_gone_though_no_agent_knows_it()
    {
        var status = await _sandbox.RunHereAsync("status");
        var json = (await _sandbox.RunHereAsync("status", "--output", "json")).Json;

        Assert.Contains(
            "  error    gateway-down  the gateway does not run: no client can connect", status.Out,
            StringComparison.Ordinal);
        Assert.Equal(
            "gateway-down", json.GetProperty("instances")[0].GetProperty("facts")[0].GetProperty("kind").GetString());
    }

    [Fact]
    public async Task Status_of_a_stopped_cluster_is_a_table_and_an_error()
    {
        foreach (var agent in _agents.Values)
        {
            await agent.DisposeAsync();
        }

        var status = await _sandbox.RunHereAsync("status");

        Assert.Equal(1, status.Code);
        Assert.Contains("no primary", status.Out, StringComparison.Ordinal);
        Assert.StartsWith(
            $"error: no agent of the cluster in {_sandbox.Paths.Root} answers\nwhat to do: start it with: ",
            status.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Switchover_asks_the_leader_and_tells_the_new_term()
    {
        var ran = await _sandbox.RunHereAsync("switchover", "--to", "a");

        Assert.Equal(0, ran.Code);
        Assert.StartsWith("a leads main in term 2 (done in ", ran.Out, StringComparison.Ordinal);
        Assert.Contains("POST /v1/instances/main/switchover", _agents["b"].Requests);
        Assert.DoesNotContain("POST /v1/instances/main/switchover", _agents["a"].Requests);
    }

    [Fact]
    public async Task A_refused_switchover_is_told_in_the_agents_words()
    {
        _agents["b"].Switchover = (_, _) => new ApiError("c is 12 MB behind", "wait until it has caught up");

        var ran = await _sandbox.RunHereAsync("switchover", "--to", "c");

        Assert.Equal((1, ""), (ran.Code, ran.Out));
        Assert.Equal("error: c is 12 MB behind\nwhat to do: wait until it has caught up\n", ran.Error);
    }

    [Fact]
    public async Task An_answer_that_is_not_the_apis_is_no_stack_trace()
    {
        _agents["b"].Switchover = (_, _) => "<html>oops</html>";

        var ran = await _sandbox.RunHereAsync("switchover");

        Assert.Equal(1, ran.Code);
        Assert.Contains("answered HTTP 500", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_does_not_exist_is_told_with_those_that_do()
    {
        var ran = await _sandbox.RunHereAsync("switchover", "--to", "z");

        Assert.Equal(
            "error: there is no node \"z\" in this cluster\nwhat to do: its nodes are a, b, c\n", ran.Error);
    }

    [Fact]
    public async Task Another_clusters_token_is_told_as_such()
    {
        File.WriteAllText(_sandbox.Paths.Secret(SecretNames.ApiToken), "another");

        var status = await _sandbox.RunHereAsync("status");

        Assert.Contains("the agent does not accept this cluster's API token", status.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_are_a_table_for_people_and_a_document_for_programs()
    {
        _agents["a"].Events.Add(new EventEntry(
            "0001", new DateTimeOffset(2030, 1, 2, 3, 4, 5, 678, TimeSpan.Zero), "main", "b", "leader-elected",
            EventSeverity.Warning, "b leads: a was silent for [1.2 s]", 5));

        var table = await _sandbox.RunHereAsync("events");
        var json = await _sandbox.RunHereAsync("events", "--output", "json");

        Assert.Equal(
            """
              TIME (UTC)               TERM  NODE  EVENT                   WHAT AND WHY
              2030-01-02 03:04:05.678     5  b     leader-elected          warning: b leads: a was silent for [1.2 s]

            """,
            table.Out);
        Assert.Equal("warning", json.Json.GetProperty("events")[0].GetProperty("severity").GetString());
    }

    [Fact]
    public async Task The_feed_tells_late_events_of_slower_writers_once()
    {
        using var feed = new EventFeed(LocalCluster.Open(_sandbox.Paths));
        var events = _agents["a"].Events;
        events.AddRange(Enumerable.Range(100, 80).Select(i => Event($"{i:0000}")));
        Assert.Equal(80, (await feed.ReadAsync(1000, CancellationToken.None))!.Count);

        events.Insert(70, Event("0169a"));
        events.Add(Event("0200"));

        Assert.Equal(["0169a", "0200"], (await feed.ReadAsync(1000, CancellationToken.None))!.Select(e => e.Id));
        Assert.Empty((await feed.ReadAsync(1000, CancellationToken.None))!);
    }

    private static EventEntry Event(string id) => new(
        id, DateTimeOffset.UnixEpoch, "main", null, "kind", EventSeverity.Info, "message", null);
}
