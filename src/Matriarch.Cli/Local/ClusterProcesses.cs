using System.Collections.Immutable;
using Matriarch.Client;

namespace Matriarch.Cli;

/// <summary>
/// Which processes of a local cluster run at this moment, each one verified to be what it is remembered as.
/// </summary>
/// <param name="Gateway">Null while it does not run.</param>
/// <param name="Agents">By node.</param>
/// <param name="Postmasters">By node.</param>
internal sealed record ClusterProcesses(
    ProcessIdentity? Gateway,
    ImmutableSortedDictionary<string, ProcessIdentity> Agents,
    ImmutableSortedDictionary<string, ProcessIdentity> Postmasters)
{
    /// <summary>Whether none runs.</summary>
    public bool AreNone => Gateway is null && Agents.IsEmpty && Postmasters.IsEmpty;

    /// <summary>
    /// Looks at pid files and the process table, and asks agents that nobody remembers: one may have been started by
    /// hand.
    /// </summary>
    public static async Task<ClusterProcesses> FindAsync(LocalCluster cluster, CancellationToken cancellation)
    {
        var found = FindRemembered(cluster);
        var others = cluster.Nodes.Where(n => !found.Agents.ContainsKey(n.Name));
        var asked = await Task.WhenAll(
            others.Select(async n => (n.Name, Agent: await AskAsync(cluster, n, cancellation))));
        return found with
        {
            Agents = found.Agents.AddRange(
                asked.Where(a => a.Agent is not null).Select(a => KeyValuePair.Create(a.Name, a.Agent!))),
        };
    }

    /// <summary>Looks at pid files and the process table only.</summary>
    public static ClusterProcesses FindRemembered(LocalCluster cluster)
    {
        var agents = ImmutableSortedDictionary.CreateBuilder<string, ProcessIdentity>(StringComparer.Ordinal);
        var postmasters = ImmutableSortedDictionary.CreateBuilder<string, ProcessIdentity>(StringComparer.Ordinal);
        foreach (var node in cluster.Nodes)
        {
            if (PidFile.FindRunning(cluster.Paths, node.ProcessName) is { } agent)
            {
                agents.Add(node.Name, agent);
            }

            if (LocalPostmaster.Find(node.DataDirectory) is { } postmaster)
            {
                postmasters.Add(node.Name, postmaster);
            }
        }

        return new ClusterProcesses(
            PidFile.FindRunning(cluster.Paths, LocalGateway.ProcessName),
            agents.ToImmutable(),
            postmasters.ToImmutable());
    }

    /// <summary>Whether every agent and the gateway run; servers are the agents' business.</summary>
    public bool AreComplete(LocalCluster cluster) => Gateway is not null && Agents.Count == cluster.Nodes.Length;

    /// <summary>All of them, for waiting and for signals.</summary>
    public IEnumerable<ProcessIdentity> All() =>
        Agents.Values.Concat(Postmasters.Values).Concat(Gateway is null ? [] : [Gateway]);

    private static async Task<ProcessIdentity?> AskAsync(
        LocalCluster cluster, LocalNode node, CancellationToken cancellation)
    {
        if (!File.Exists(cluster.Paths.Secret(SecretNames.ApiToken)))
        {
            return null;
        }

        using var client = cluster.Connect(node);
        var local = (await client.LocalAsync(cancellation)).ValueOrDefault;
        return local is not null && string.Equals(local.Node, node.Name, StringComparison.Ordinal)
            ? ProcessIdentity.Of(local.AgentPid)
            : null;
    }
}
