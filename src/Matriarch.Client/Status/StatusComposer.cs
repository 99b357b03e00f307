using Matriarch.Core;

namespace Matriarch.Client;

/// <summary>
/// Makes one status of the agents' answers. The answer with the highest (term, revision) says who leads; about its own
/// server every agent knows best; a node whose agent is silent is unreachable, whatever the others still believe about
/// it.
/// </summary>
public static class StatusComposer
{
    /// <param name="cluster">The nodes that there must be.</param>
    /// <param name="answers">One answer for every node of the cluster.</param>
    public static ClusterStatus Compose(
        LocalCluster cluster, IReadOnlyDictionary<string, AgentAnswer<StatusDocument>> answers)
    {
        var documents = new Dictionary<string, StatusDocument>(StringComparer.Ordinal);
        var silent = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (node, answer) in answers)
        {
            switch (answer)
            {
                case AgentAnswer<StatusDocument>.Answered answered:
                    documents.Add(node, answered.Value);
                    break;
                case AgentAnswer<StatusDocument>.Unreachable unreachable:
                    silent.Add(node, unreachable.Reason);
                    break;
                case AgentAnswer<StatusDocument>.Refused refused:
                    silent.Add(node, refused.Error);
                    break;
            }
        }

        var names = documents.Values.SelectMany(d => d.Instances).Select(i => i.Name)
            .Append(cluster.Instance).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        var instances = names.Select(name => ComposeInstance(cluster, name, documents, silent));
        return new ClusterStatus(new StatusDocument([.. instances]), silent, documents.Count);
    }

    private static InstanceStatus ComposeInstance(
        LocalCluster cluster,
        string name,
        Dictionary<string, StatusDocument> documents,
        Dictionary<string, string> silent)
    {
        var views = new Dictionary<string, InstanceStatus>(StringComparer.Ordinal);
        foreach (var (node, document) in documents)
        {
            var view = document.Instances.FirstOrDefault(i => string.Equals(i.Name, name, StringComparison.Ordinal));
            if (view is not null)
            {
                views.Add(node, view);
            }
        }

        // Of equally new answers, the leader's own: it serves, the others have only heard of it.
        var best = views.OrderByDescending(v => v.Value.Term).ThenByDescending(v => v.Value.Revision)
            .ThenByDescending(v => string.Equals(v.Key, v.Value.Primary, StringComparison.Ordinal))
            .Select(v => v.Value).FirstOrDefault()
            ?? new InstanceStatus(name, 0, null, null, cluster.Durability, []);

        var known = best.Nodes.ToDictionary(n => n.Name, StringComparer.Ordinal);
        foreach (var node in cluster.Nodes.Where(_ => string.Equals(name, cluster.Instance, StringComparison.Ordinal)))
        {
            known.TryAdd(node.Name, new NodeStatus(
                node.Name, node.Cell, NodeRole.Unknown, NodeState.Unreachable, "127.0.0.1", node.PostgresPort,
                null, null, null, null, null, null));
        }

        var nodes = known.Values
            .Select(n => silent.TryGetValue(n.Name, out var reason)
                ? Unreachable(n, reason)
                : FromItsAgent(n, best, views))
            .OrderBy(n => n.Name, StringComparer.Ordinal)
            .ToList();
        return best with
        {
            Nodes = [.. nodes.Select(n => WithLag(n, nodes, best.Primary))],
            Facts = FactsOf(best, views.Values),
        };
    }

    /// <summary>About the instance the best answer is right; about itself every agent is.</summary>
    private static List<FactEntry>? FactsOf(InstanceStatus best, IEnumerable<InstanceStatus> views)
    {
        var own = views.SelectMany(v => v.Facts ?? []).Where(f => f.Scope == FactScope.Node);
        return best.Facts is null ? null : Sorted(best.Facts.Where(f => f.Scope == FactScope.Instance).Concat(own));
    }

    /// <summary>The worst first, then by topic and node.</summary>
    public static List<FactEntry> Sorted(IEnumerable<FactEntry> facts) =>
    [
        .. facts.OrderByDescending(f => f.Severity).ThenBy(f => f.Topic, StringComparer.Ordinal)
            .ThenBy(f => f.Node, StringComparer.Ordinal),
    ];

    private static NodeStatus Unreachable(NodeStatus node, string reason) => node with
    {
        Role = NodeRole.Unknown,
        State = NodeState.Unreachable,
        AgentPid = null,
        PostmasterPid = null,
        Lsn = null,
        LagBytes = null,
        UptimeSeconds = null,
        Reason = $"its agent does not answer: {reason}",
    };

    private static NodeStatus FromItsAgent(
        NodeStatus heard, InstanceStatus best, Dictionary<string, InstanceStatus> views)
    {
        var view = views.GetValueOrDefault(heard.Name);
        var own = view?.Nodes.FirstOrDefault(n => string.Equals(n.Name, heard.Name, StringComparison.Ordinal));
        if (view is null || own is null)
        {
            return heard;
        }

        // An agent that has not heard of the newest rule yet may still take itself for the primary of an older one.
        var isCurrent = view.Term == best.Term && view.Revision == best.Revision;
        return isCurrent || own.Role is not NodeRole.Primary
            ? own with { LagBytes = own.LagBytes ?? heard.LagBytes }
            : own with { Role = heard.Role, LagBytes = heard.LagBytes };
    }

    private static NodeStatus WithLag(NodeStatus node, List<NodeStatus> nodes, string? primary)
    {
        if (node.LagBytes is not null || node.Role is not NodeRole.Replica || !Lsn.TryParse(node.Lsn, out var here))
        {
            return node;
        }

        var leader = nodes.FirstOrDefault(n => string.Equals(n.Name, primary, StringComparison.Ordinal));
        return Lsn.TryParse(leader?.Lsn, out var there) ? node with { LagBytes = there.BytesAfter(here) } : node;
    }
}
