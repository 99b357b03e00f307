using System.Net;
using System.Text.Json;

namespace Matriarch.Agent.Tests;

public sealed class HealthEndpointsTests
{
    private const string Writable = "/ /primary /leader /master /read-write";
    private const string SyncPaths = "/sync /synchronous /quorum";
    private const string AsyncPaths = "/async /asynchronous";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The paths that answer 200 in each state; every other one of them answers 503.</summary>
    public static TheoryData<HealthScene, string> Table => new()
    {
        { HealthScene.NothingYet, "" },
        { HealthScene.Serving, $"{Writable} /read-only /health /liveness /readiness" },
        { HealthScene.ServingButPostgresIsSilent, "/liveness" },
        { HealthScene.Promoting, "/health /liveness" },
        { HealthScene.SynchronousReplica, $"/replica /read-only {SyncPaths} /health /liveness /readiness" },
        { HealthScene.AsynchronousReplica, $"/replica /read-only {AsyncPaths} /health /liveness /readiness" },
        { HealthScene.VoterOfAnAsynchronousInstance, $"/replica /read-only {AsyncPaths} /health /liveness /readiness" },
        { HealthScene.JoiningReplica, "/health /liveness" },
        { HealthScene.Detached, "/health /liveness" },
        { HealthScene.StoppedPostgres, "/liveness" },
        { HealthScene.NoData, "/liveness" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public async Task Every_path_answers_every_state_alike_for_every_method(HealthScene scene, string yes)
    {
        await using var node = await HealthFixture.StartAsync(scene);
        var expected = yes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Append("/patroni").Order();
        HttpMethod[] methods = [HttpMethod.Get, HttpMethod.Head, HttpMethod.Options];

        foreach (var client in new[] { node.Client, node.HealthOnly })
        {
            foreach (var method in methods)
            {
                var holding = new List<string>();
                foreach (var path in HealthEndpoints.Paths)
                {
                    using var answer = await client.SendAsync(new HttpRequestMessage(method, path), Cancellation);
                    var body = await answer.Content.ReadAsStringAsync(Cancellation);
                    Assert.True((int)answer.StatusCode is 200 or 503);
                    Assert.Equal(method != HttpMethod.Get, body.Length == 0);
                    if (answer.StatusCode == HttpStatusCode.OK)
                    {
                        holding.Add(path);
                    }
                    else if (method == HttpMethod.Get)
                    {
                        Assert.NotEqual("", JsonDocument.Parse(body).RootElement.GetProperty("reason").GetString());
                    }
                }

                Assert.Equal(expected, holding.Order());
            }
        }
    }

    [Fact]
    public async Task The_body_tells_role_state_term_and_why_not()
    {
        await using var node = await HealthFixture.StartAsync(HealthScene.SynchronousReplica);
        node.HearPrimaryAt(1_000_100);

        Assert.Equal(
            """{"role":"replica","state":"streaming","term":3,"lagBytes":100,"reason":"it is a replica"}""",
            await node.Client.GetStringOfAsync("/primary"));
        Assert.Equal(
            """{"role":"replica","state":"streaming","term":3,"lagBytes":100,"reason":null}""",
            await node.Client.GetStringOfAsync("/replica"));
    }

    [Fact]
    public async Task A_leader_whose_consensus_hangs_is_no_primary_after_the_length_of_a_lease()
    {
        await using var node = await HealthFixture.StartAsync(HealthScene.Serving);

        node.Pass(TimeSpan.FromMilliseconds(999));
        Assert.Equal(200, await node.Client.StatusOfAsync("/primary"));
        node.Pass(TimeSpan.FromMilliseconds(1));
        Assert.Equal(503, await node.Client.StatusOfAsync("/primary"));
        Assert.Equal(503, await node.Client.StatusOfAsync("/read-only"));
        Assert.Equal(503, await node.Client.StatusOfAsync("/readiness"));
        Assert.Equal(200, await node.Client.StatusOfAsync("/liveness"));
        Assert.Contains("\"role\":\"unknown\"", await node.Client.GetStringOfAsync("/primary"),
            StringComparison.Ordinal);
        Assert.Contains("\"role\":\"replica\"", await node.Client.GetStringOfAsync("/patroni"),
            StringComparison.Ordinal);

        node.Pass(HealthRules.LivenessLimit);
        Assert.Equal(503, await node.Client.StatusOfAsync("/liveness"));
        node.Set(HealthScene.Serving);
        Assert.Equal(200, await node.Client.StatusOfAsync("/primary"));
    }

    [Theory]
    [InlineData("0", 503)]
    [InlineData("99", 503)]
    [InlineData("100", 200)]
    [InlineData("1kB", 200)]
    [InlineData("10MB", 200)]
    [InlineData("10%20mb", 200)]
    [InlineData("1TB", 200)]
    [InlineData("", 400)]
    [InlineData("-1", 400)]
    [InlineData("1.5MB", 400)]
    [InlineData("MB", 400)]
    [InlineData("10XB", 400)]
    [InlineData("9223372036854775807kB", 400)]
    [InlineData("99999999999999999999", 400)]
    [InlineData("1&lag=2", 400)]
    public async Task A_bound_on_the_lag_is_bytes_with_or_without_a_unit(string lag, int status)
    {
        await using var node = await HealthFixture.StartAsync(HealthScene.SynchronousReplica);
        node.HearPrimaryAt(1_000_100);

        Assert.Equal(status, await node.Client.StatusOfAsync($"/replica?lag={lag}"));
        Assert.Equal(status, await node.Client.StatusOfAsync($"/read-only?lag={lag}"));
        Assert.Equal(status, await node.Client.StatusOfAsync($"/sync?lag={lag}"));
    }

    [Fact]
    public async Task A_bound_on_the_lag_is_not_kept_where_no_primary_is_heard()
    {
        await using var node = await HealthFixture.StartAsync(HealthScene.SynchronousReplica);
        Assert.Equal(503, await node.Client.StatusOfAsync("/replica?lag=1GB"));
        Assert.Equal(200, await node.Client.StatusOfAsync("/replica"));

        node.HearPrimaryAt(1_000_100);
        Assert.Equal(200, await node.Client.StatusOfAsync("/replica?lag=1GB"));
    }

    [Fact]
    public async Task Other_paths_are_somebody_elses_and_404_where_only_health_is_answered()
    {
        await using var node = await HealthFixture.StartAsync(HealthScene.Serving);

        Assert.Equal(HealthFixture.Behind, await node.Client.GetStringOfAsync("/v1/status"));
        Assert.Equal(404, await node.HealthOnly.StatusOfAsync("/v1/status"));
        Assert.Equal(404, await node.HealthOnly.StatusOfAsync("/Primary"));
        Assert.Equal(404, await node.HealthOnly.StatusOfAsync("/primary/"));
        using var posted = await node.HealthOnly.PostAsync("/v1/quiesce", null, Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, posted.StatusCode);
    }

    [Fact]
    public async Task Nothing_can_be_posted_to_a_health_path()
    {
        await using var node = await HealthFixture.StartAsync(HealthScene.Serving);

        using var answer = await node.Client.PostAsync("/primary", null, Cancellation);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(["GET", "HEAD", "OPTIONS"], answer.Content.Headers.Allow.Order());
    }

    [Fact]
    public async Task Tools_that_know_Patroni_find_its_names()
    {
        await using var node = await HealthFixture.StartAsync(HealthScene.SynchronousReplica);
        var replica = await node.Client.GetStringOfAsync("/patroni");
        node.Pass(TimeSpan.FromSeconds(5)); // the look is older now, the start is not
        var again = await node.Client.GetStringOfAsync("/patroni");
        node.Set(HealthScene.Serving);
        var primary = await node.Client.GetStringOfAsync("/patroni");
        node.Set(HealthScene.StoppedPostgres);
        var stopped = await node.Client.GetStringOfAsync("/patroni");

        const string Who = "\"patroni\":{\"version\":\"0.1.0\",\"scope\":\"main\",\"name\":\"a\"}";
        Assert.Equal(
            "{\"state\":\"running\",\"role\":\"replica\","
            + "\"postmaster_start_time\":\"2026-11-20 07:59:00.000000+00:00\","
            + "\"server_version\":150014,\"xlog\":{\"received_location\":1000500,\"replayed_location\":1000000},"
            + "\"timeline\":3,\"replication_state\":\"streaming\",\"database_system_identifier\":\"77\"," + Who + "}",
            replica);
        Assert.Equal(replica.Replace(",\"replication_state\":\"streaming\"", "", StringComparison.Ordinal), again);
        Assert.Contains("\"role\":\"primary\"", primary, StringComparison.Ordinal);
        Assert.Contains("\"xlog\":{\"location\":1000000}", primary, StringComparison.Ordinal);
        Assert.Equal("{\"state\":\"stopped\",\"role\":\"replica\"," + Who + "}", stopped);
    }
}
