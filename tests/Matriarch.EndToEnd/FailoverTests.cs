using System.Globalization;
using Matriarch.Client;
using Matriarch.Core;
using Matriarch.TestKit;

namespace Matriarch.EndToEnd;

/// <summary>Real processes, real PostgreSQL, kill -9.</summary>
public sealed class FailoverTests(ITestOutputHelper output)
{
    private enum Victim
    {
        PostgreSql,
        AgentAndPostgreSql,
        Agent,
    }

    [Fact]
    public async Task Ten_kills_of_the_primary_under_a_writer_lose_no_acknowledged_write()
    {
        await using var cluster = await RunningCluster.UpAsync();
        await cluster.IsHealthyAsync();
        await using var writer = await AcknowledgedWriter.StartAsync(cluster.ConnectionString);
        await writer.GoesOnAsync();
        Victim[] victims =
        [
            Victim.PostgreSql, Victim.AgentAndPostgreSql, Victim.Agent, Victim.PostgreSql, Victim.AgentAndPostgreSql,
            Victim.PostgreSql, Victim.AgentAndPostgreSql, Victim.Agent, Victim.PostgreSql, Victim.AgentAndPostgreSql,
        ];
        var outages = new List<(Victim Victim, TimeSpan Gap)>();
        foreach (var victim in victims)
        {
            outages.Add((victim, await KillPrimaryAsync(cluster, writer, victim)));
        }

        var lost = await writer.LostAsync();

        var report = outages.GroupBy(o => o.Victim).Select(g =>
        {
            var gaps = g.Select(o => o.Gap.TotalMilliseconds.ToString("F0", CultureInfo.InvariantCulture));
            return $"{g.Key}: {string.Join(" ", gaps)} ms";
        });
        output.WriteLine(
            $"acknowledged {writer.Acknowledged}; " +
            $"longest gap between acknowledgements per kill: {string.Join("; ", report)}");
        output.WriteLine($"errors: {string.Join(", ", writer.Errors.Select(e => $"{e.Key} {e.Value}"))}");
        Assert.Empty(lost);
        Assert.True(writer.Acknowledged > 1000);
    }

    private static async Task<TimeSpan> KillPrimaryAsync(
        RunningCluster cluster, AcknowledgedWriter writer, Victim victim)
    {
        var before = await cluster.StatusAsync();
        var primary = await cluster.PrimaryAsync();
        var from = writer.Now;
        if (victim is Victim.Agent or Victim.AgentAndPostgreSql)
        {
            RunningCluster.Kill(primary.AgentPid!.Value);
        }

        if (victim is Victim.PostgreSql or Victim.AgentAndPostgreSql)
        {
            RunningCluster.Kill(primary.PostmasterPid!.Value);
        }

        await cluster.IsServedAboveAsync(before.Term);
        await writer.GoesOnAsync();
        var to = writer.Now;
        if (victim is not Victim.PostgreSql)
        {
            (await cluster.RunAsync("agent", "start", primary.Name)).Expect();
        }

        await cluster.IsHealthyAsync();
        return writer.LongestGap(from, to);
    }

    [Fact]
    public async Task A_restarted_agent_adopts_its_running_primary_and_goes_on_in_the_same_term()
    {
        await using var cluster = await RunningCluster.UpAsync("--nodes", "1");
        await cluster.IsHealthyAsync(1);
        var before = await cluster.StatusAsync();
        RunningCluster.Kill(before.Nodes[0].AgentPid!.Value);

        (await cluster.RunAsync("agent", "start", before.Nodes[0].Name)).Expect();
        await cluster.IsHealthyAsync(1);

        var after = await cluster.StatusAsync();
        Assert.Equal(before.Nodes[0].PostmasterPid, after.Nodes[0].PostmasterPid);
        Assert.NotEqual(before.Nodes[0].AgentPid, after.Nodes[0].AgentPid);
        Assert.Equal(before.Term, after.Term);
    }

    /// <summary>
    /// Seen in a cluster whose isolated primary had come back: its next promotion began without synchronous standbys,
    /// because the agent remembered them from before the rewind, which had emptied the settings.
    /// </summary>
    [Fact]
    public async Task A_primary_that_was_rewound_while_its_agent_lived_knows_again_whom_commits_wait_for()
    {
        await using var cluster = await RunningCluster.UpAsync();
        await cluster.IsHealthyAsync();
        var before = await cluster.StatusAsync();
        var primary = await cluster.PrimaryAsync();
        var replicas = before.Nodes.Where(n => n.Name != primary.Name).ToList();
        var senders = await RunningCluster.QueryAsync<int[]>(
            cluster.Direct(primary), "select array_agg(pid) from pg_stat_replication");
        // WAL that nobody else has, so that the node must be rewound.
        Array.ForEach(senders, s => Signals.Send(s, Signals.Stop));
        await RunningCluster.QueryAsync<int>(
            cluster.Direct(primary), "set synchronous_commit = local; create table alone (id int); select 1");
        Signals.Send(primary.AgentPid!.Value, Signals.Stop); // or it might win the election, with that WAL
        RunningCluster.Kill(primary.PostmasterPid!.Value);
        Array.ForEach(senders, RunningCluster.Kill);

        await cluster.IsServedAboveAsync(before.Term);
        Signals.Send(primary.AgentPid!.Value, Signals.Continue);
        await cluster.IsHealthyAsync();

        var events = (await cluster.RunAsync("events")).Expect().Output;
        Assert.Contains("rewinding", events, StringComparison.Ordinal);
        await Eventually.HoldsAsync(
            $"{primary.Name} names both others as synchronous standbys",
            async () =>
            {
                var names = await RunningCluster.QueryAsync<string>(
                    cluster.Direct(primary), "show synchronous_standby_names");
                return replicas.TrueForAll(r => names.Contains($"\"{r.Name}\"", StringComparison.Ordinal));
            },
            TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_switchover_under_a_writer_moves_the_leadership_and_loses_nothing()
    {
        await using var cluster = await RunningCluster.UpAsync();
        await cluster.IsHealthyAsync();
        await using var writer = await AcknowledgedWriter.StartAsync(cluster.ConnectionString);
        await writer.GoesOnAsync();
        var before = await cluster.StatusAsync();
        var target = before.Nodes.First(n => n.Role == NodeRole.Replica).Name;
        var from = writer.Now;

        (await cluster.RunAsync("switchover", "--to", target)).Expect();
        await writer.GoesOnAsync();

        output.WriteLine($"longest gap: {writer.LongestGap(from, writer.Now).TotalMilliseconds:F0} ms");
        await cluster.IsHealthyAsync();
        var after = await cluster.StatusAsync();
        Assert.Equal(target, after.Primary);
        Assert.True(after.Term > before.Term);
        Assert.Equal(after.Term, after.Timeline);
        Assert.Empty(await writer.LostAsync());
        var events = (await cluster.RunAsync("events")).Expect().Output;
        Assert.Contains("switchover", events, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_switchover_to_a_node_that_does_not_exist_or_leads_already_is_refused_and_changes_nothing()
    {
        await using var cluster = await RunningCluster.UpAsync();
        await cluster.IsHealthyAsync();
        var before = await cluster.StatusAsync();

        var unknown = await cluster.RunAsync("switchover", "--to", "nobody");
        var same = await cluster.RunAsync("switchover", "--to", before.Primary!);

        Assert.NotEqual(0, unknown.ExitCode);
        Assert.Contains("nobody", unknown.Error, StringComparison.Ordinal);
        Assert.NotEqual(0, same.ExitCode);
        Assert.Equal(before.Term, (await cluster.StatusAsync()).Term);
    }
}
