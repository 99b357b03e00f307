using Matriarch.Client;
using Matriarch.Core;

namespace Matriarch.Cli;

/// <summary>A request about an instance that any of its agents may take.</summary>
internal static class InstanceQuestion
{
    /// <summary>Asks the leader's agent if it answers, since it then need not be found first, or any other.</summary>
    /// <exception cref="UserException">No agent answers, or the request was refused.</exception>
    public static async Task<T> AskAsync<T>(
        LocalCluster cluster, string about, Func<AgentClient, Task<AgentAnswer<T>>> question,
        CancellationToken cancellation)
    {
        using var reader = new ClusterStatusReader(cluster);
        var status = await reader.ReadAsync(cancellation);
        var primary = status.Instance(cluster.Instance)?.Primary;
        var node = cluster.Nodes.Where(n => !status.Silent.ContainsKey(n.Name))
            .OrderByDescending(n => string.Equals(n.Name, primary, StringComparison.Ordinal))
            .FirstOrDefault()
            ?? throw new UserException(
                $"no agent of the cluster in {cluster.Paths.Root} answers", "start the cluster with: matriarch up");
        return await AskAsync(cluster, node, about, question);
    }

    /// <summary>Asks the agent of one node.</summary>
    /// <exception cref="UserException">It does not answer, or refused.</exception>
    public static async Task<T> AskAsync<T>(
        LocalCluster cluster, LocalNode node, string about, Func<AgentClient, Task<AgentAnswer<T>>> question)
    {
        using var client = cluster.Connect(node);
        return await question(client) switch
        {
            AgentAnswer<T>.Answered answered => answered.Value,
            AgentAnswer<T>.Refused refused => throw new UserException(refused.Error, refused.WhatToDo),
            AgentAnswer<T>.Unreachable gone => throw new UserException(
                $"the agent of {node.Name} did not say how {about} ended: {gone.Reason}",
                "see where it stands with: matriarch status"),
            _ => throw new InvariantException("an answer is one of three"),
        };
    }
}
