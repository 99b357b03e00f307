using System.Net;
using System.Text.Json;
using Matriarch.Client;
using Matriarch.Core;
using Matriarch.TestKit;

namespace Matriarch.EndToEnd;

/// <summary>
/// The set-up that many people have: HAProxy asks the agents who is who, PgBouncer pools on top. Failures of every
/// kind; queries keep working.
/// </summary>
public sealed class ProxyTests(ITestOutputHelper output)
{
    private static readonly TimeSpan FailoverLimit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Queries_through_HAProxy_and_PgBouncer_keep_working_through_failovers()
    {
        await using var all = await ProxiedCluster.UpAsync();
        try
        {
            await IsRoutedAsync(all);
            await using var writer = await AcknowledgedWriter.StartAsync(all.PooledPrimary);
            await writer.GoesOnAsync();
            await AfterAsync(all, writer, "PostgreSQL killed", KillPostgresAsync);
            await AfterAsync(all, writer, "node killed", KillNodeAsync);
            await AfterAsync(all, writer, "switchover", SwitchOverAsync);

            Assert.Empty(await writer.LostAsync());
            output.WriteLine($"acknowledged {writer.Acknowledged}; errors: " +
                string.Join(", ", writer.Errors.Select(e => $"{e.Key} {e.Value}")));
            await ReplicatesToAllAsync(all);
        }
        catch (Exception)
        {
            output.WriteLine(all.Said);
            throw;
        }
    }

    /// <summary>One failure, and everything that has to hold after it.</summary>
    private async Task AfterAsync(
        ProxiedCluster all, AcknowledgedWriter writer, string what, Func<ProxiedCluster, InstanceStatus, Task> fail)
    {
        var before = await all.Cluster.StatusAsync();
        var from = writer.Now;
        await fail(all, before);
        await Eventually.HoldsAsync(
            $"a write through HAProxy in a term above {before.Term} after: {what}",
            async () =>
            {
                await TestSql.RunAsync(all.Primary, "create table if not exists t (n int); insert into t values (1)");
                return (await all.Cluster.StatusAsync()).Term > before.Term;
            },
            FailoverLimit);
        await writer.GoesOnAsync();
        var (gap, written) = (writer.LongestGap(from, writer.Now), writer.Now);
        await StartWhatIsDownAsync(all, before);
        await all.Cluster.IsHealthyAsync();
        var healthy = writer.Now;
        await AgentsAgreeAsync(all);
        await IsRoutedAsync(all);
        output.WriteLine(
            $"{what}: longest gap {gap.TotalMilliseconds:F0} ms, written after {(written - from).TotalSeconds:F1} s, "
            + $"all healthy after {(healthy - from).TotalSeconds:F1} s, "
            + $"all routed after {(writer.Now - from).TotalSeconds:F1} s");
    }

    private static Task KillPostgresAsync(ProxiedCluster all, InstanceStatus status)
    {
        RunningCluster.Kill(status.Nodes.Single(n => n.Name == status.Primary).PostmasterPid!.Value);
        return Task.CompletedTask;
    }

    private static async Task KillNodeAsync(ProxiedCluster all, InstanceStatus status) =>
        (await all.Cluster.RunAsync("agent", "kill", status.Primary!)).Expect();

    private static async Task SwitchOverAsync(ProxiedCluster all, InstanceStatus status) =>
        (await all.Cluster.RunAsync("switchover")).Expect();

    /// <summary>The old primary, if its agent is gone, comes back with a second address for health.</summary>
    private static async Task StartWhatIsDownAsync(ProxiedCluster all, InstanceStatus before)
    {
        var old = all.Local.Node(before.Primary!);
        if (await StatusOfAsync(old.Api, "/liveness") is not null)
        {
            return;
        }

        var port = FreePorts.Take();
        var file = all.Local.Paths.AgentConfig(old.Name);
        var text = await File.ReadAllTextAsync(file);
        await File.WriteAllTextAsync(
            file, text.Replace("\napi:\n", $"\napi:\n  health-listen: 127.0.0.1:{port}\n", StringComparison.Ordinal));
        (await all.Cluster.RunAsync("agent", "start", old.Name)).Expect();
        var health = new Uri($"http://127.0.0.1:{port}");
        await Eventually.HoldsAsync(
            $"{old.Name} is a replica by its second address",
            async () => await StatusOfAsync(health, "/replica") == HttpStatusCode.OK,
            TimeSpan.FromSeconds(60));
        Assert.Equal(HttpStatusCode.NotFound, await StatusOfAsync(health, "/v1/status"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOfAsync(old.Api, "/v1/status"));
    }

    /// <summary>All nodes report, and tell the same story, to HAProxy and to Patroni's tools.</summary>
    private static async Task AgentsAgreeAsync(ProxiedCluster all)
    {
        var primary = (await all.Cluster.StatusAsync()).Primary;
        foreach (var node in all.Local.Nodes)
        {
            var isPrimary = node.Name == primary;
            foreach (var (path, holds) in new[]
            {
                ("/primary", isPrimary), ("/replica?lag=10MB", !isPrimary), ("/sync", !isPrimary), ("/async", false),
                ("/read-only", true), ("/health", true), ("/liveness", true), ("/readiness", true),
            })
            {
                await Eventually.HoldsAsync(
                    $"{node.Name}{path} answers {(holds ? 200 : 503)}",
                    async () => await StatusOfAsync(node.Api, path)
                        == (holds ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable));
            }

            using var client = new HttpClient { BaseAddress = node.Api };
            var patroni = JsonDocument.Parse(await client.GetStringAsync(new Uri("/patroni", UriKind.Relative)));
            Assert.Equal("running", patroni.RootElement.GetProperty("state").GetString());
            Assert.Equal(isPrimary ? "primary" : "replica", patroni.RootElement.GetProperty("role").GetString());
            Assert.Equal(node.Name, patroni.RootElement.GetProperty("patroni").GetProperty("name").GetString());
        }
    }

    /// <summary>
    /// Both ports lead where they should, directly and through the pool, and both replicas get sessions.
    /// </summary>
    private static async Task IsRoutedAsync(ProxiedCluster all)
    {
        const string Standby = "select pg_is_in_recovery()";
        foreach (var (name, connection, isStandby) in new[]
        {
            ("HAProxy's primary", all.Primary, false), ("HAProxy's replica", all.Replicas, true),
            ("PgBouncer's primary", all.PooledPrimary, false), ("PgBouncer's replica", all.PooledReplica, true),
        })
        {
            await Eventually.HoldsAsync(
                $"{name} is a {(isStandby ? "standby" : "primary")}",
                async () => await RunningCluster.QueryAsync<bool>(connection, Standby) == isStandby,
                FailoverLimit);
        }

        var primary = (await all.Cluster.PrimaryAsync()).Port;
        await Eventually.HoldsAsync(
            "six sessions in a row on replicas, and on both of them",
            async () =>
            {
                var reached = new List<int>();
                for (var session = 0; session < 6; session++)
                {
                    reached.Add(await RunningCluster.QueryAsync<int>(all.Replicas, "select inet_server_port()"));
                }

                return !reached.Contains(primary) && reached.Distinct().Count() == 2;
            },
            FailoverLimit);
    }

    private static async Task ReplicatesToAllAsync(ProxiedCluster all)
    {
        var expected = await RunningCluster.QueryAsync<long>(all.Primary, "select count(*) from written");
        foreach (var node in all.Local.Nodes)
        {
            await Eventually.HoldsAsync(
                $"all {expected} rows on {node.Name}",
                async () => await RunningCluster.QueryAsync<long>(
                    all.Node(node), "select count(*) from written") == expected);
        }
    }

    /// <summary>Null when nobody answers.</summary>
    private static async Task<HttpStatusCode?> StatusOfAsync(Uri at, string path)
    {
        using var client = new HttpClient { BaseAddress = at, Timeout = TimeSpan.FromSeconds(2) };
        try
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
