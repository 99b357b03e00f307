using Matriarch.Client;
using Matriarch.Core;

namespace Matriarch.Cli;

/// <summary>
/// Stops every process of a cluster. In order: all agents stop thinking of elections, or the first stopped server would
/// cause one; then the primary ends, so that every replica receives its last record and none has to be rewound when
/// the cluster is resumed; then all others at once; the gateway last. Who does not end when asked is signalled,
/// ever more firmly, and only after it was verified to be the process that is remembered.
/// </summary>
internal sealed class ClusterStop(LocalCluster cluster, TimeProvider time)
{
    private static readonly TimeSpan Polite = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Firm = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Last = TimeSpan.FromSeconds(5);

    /// <summary>Stops all; how many there were.</summary>
    /// <exception cref="UserException">A process is still there in the end.</exception>
    public async Task<ClusterProcesses> RunAsync(CancellationToken cancellation)
    {
        var running = await ClusterProcesses.FindAsync(cluster, cancellation);
        await AskAllAsync(running, (c, ct) => c.QuiesceAsync(ct), cancellation);
        await StopPrimaryAsync(running, cancellation);
        var ending = await AskAllAsync(running, (c, ct) => c.ShutdownAsync(PostgresAtShutdown.Stop, ct), cancellation);
        foreach (var agent in running.Agents.Where(a => !ending.Contains(a.Key)))
        {
            agent.Value.Signal(Signals.Terminate);
        }

        foreach (var orphan in running.Postmasters.Where(p => !running.Agents.ContainsKey(p.Key)))
        {
            orphan.Value.Signal(Signals.Interrupt);
        }

        await WaitAsync(NodeProcesses(running), Polite, cancellation);
        await InsistAsync(running, cancellation);
        await StopGatewayAsync(running.Gateway, cancellation);

        // An agent may have started its server while we were looking.
        var left = await ClusterProcesses.FindAsync(cluster, cancellation);
        if (!left.AreNone)
        {
            await KillAsync(left, cancellation);
        }

        return running;
    }

    /// <summary>
    /// Ends everything; for a cluster whose data is thrown away. Agents get a moment: only they know the programs that
    /// they run, such as initdb.
    /// </summary>
    public async Task KillAllAsync(CancellationToken cancellation)
    {
        var running = await ClusterProcesses.FindAsync(cluster, cancellation);
        foreach (var agent in running.Agents.Values)
        {
            agent.Signal(Signals.Terminate);
        }

        await WaitAsync(running.Agents.Values, Last, cancellation);
        await KillAsync(await ClusterProcesses.FindAsync(cluster, cancellation), cancellation);
    }

    /// <summary>Asks the gateway to end, then insists.</summary>
    public async Task StopGatewayAsync(ProcessIdentity? gateway, CancellationToken cancellation)
    {
        if (gateway is null)
        {
            return;
        }

        gateway.Signal(Signals.Terminate);
        if (!await WaitAsync([gateway], Firm, cancellation))
        {
            gateway.Signal(Signals.Kill);
            await WaitAsync([gateway], Last, cancellation);
        }
    }

    private async Task InsistAsync(ClusterProcesses running, CancellationToken cancellation)
    {
        if (NodeProcesses(running).All(p => !p.IsAlive))
        {
            return;
        }

        // An agent that hangs would only start its server again.
        foreach (var agent in running.Agents.Values)
        {
            agent.Signal(Signals.Kill);
        }

        var servers = ClusterProcesses.FindRemembered(cluster).Postmasters.Values.ToList();
        foreach (var server in servers)
        {
            server.Signal(Signals.Interrupt);
        }

        if (!await WaitAsync(servers, Firm, cancellation))
        {
            foreach (var server in servers)
            {
                server.Signal(Signals.Quit); // immediate: the next start recovers from the WAL
            }

            await WaitAsync(servers, Last, cancellation);
        }
    }

    private async Task KillAsync(ClusterProcesses running, CancellationToken cancellation)
    {
        foreach (var agent in running.Agents.Values)
        {
            agent.Signal(Signals.Kill);
        }

        // SIGQUIT lets a postmaster end its children; killed outright it would leave them to find out by themselves.
        foreach (var server in running.Postmasters.Values)
        {
            server.Signal(Signals.Quit);
        }

        running.Gateway?.Signal(Signals.Kill);
        if (!await WaitAsync(running.All(), Last, cancellation))
        {
            foreach (var process in running.All())
            {
                process.Signal(Signals.Kill);
            }
        }

        if (!await WaitAsync(running.All(), Last, cancellation))
        {
            var left = string.Join(", ", running.All().Where(p => p.IsAlive).Select(p => p.Pid));
            throw new UserException(
                $"these processes do not end: {left}", "they may hang in the kernel: look at them with ps");
        }
    }

    private async Task StopPrimaryAsync(ClusterProcesses running, CancellationToken cancellation)
    {
        using var reader = new ClusterStatusReader(cluster);
        var status = await reader.ReadAsync(cancellation);
        if (status.Instance(cluster.Instance)?.Primary is not { } primary
            || !running.Agents.TryGetValue(primary, out var agent)
            || !running.Postmasters.TryGetValue(primary, out var server))
        {
            return;
        }

        using var client = cluster.Connect(cluster.Node(primary));
        if (await client.ShutdownAsync(PostgresAtShutdown.Stop, cancellation) is AgentAnswer<bool>.Answered)
        {
            await WaitAsync([agent, server], Firm, cancellation);
        }
    }

    private async Task<HashSet<string>> AskAllAsync(
        ClusterProcesses running,
        Func<AgentClient, CancellationToken, Task<AgentAnswer<bool>>> ask,
        CancellationToken cancellation)
    {
        var led = cluster.Nodes.Where(n => running.Agents.ContainsKey(n.Name));
        var willing = await Task.WhenAll(led.Select(async node =>
        {
            using var client = cluster.Connect(node);
            return await ask(client, cancellation) is AgentAnswer<bool>.Answered ? node.Name : null;
        }));
        return [.. willing.OfType<string>()];
    }

    private static IEnumerable<ProcessIdentity> NodeProcesses(ClusterProcesses running) =>
        running.Agents.Values.Concat(running.Postmasters.Values);

    private Task<bool> WaitAsync(IEnumerable<ProcessIdentity> processes, TimeSpan limit, CancellationToken cancellation)
    {
        var waited = processes.ToList();
        return Deadline.WaitAsync(() => !waited.Exists(p => p.IsAlive), limit, time, cancellation);
    }
}
