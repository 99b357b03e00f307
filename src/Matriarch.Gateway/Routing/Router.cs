using Matriarch.Core;

namespace Matriarch.Gateway;

/// <summary>Decides where a session goes: a pure function of the view and of how many sessions each node has.</summary>
internal static class Router
{
    /// <param name="instance">For messages.</param>
    /// <param name="view">The newest; null when nothing is known.</param>
    /// <param name="request">What the client asks for.</param>
    /// <param name="rules">Which replicas may be used, and which go first.</param>
    /// <param name="sessions">How many sessions a node has; the least is chosen.</param>
    /// <param name="turn">Any number that grows; breaks ties in turn.</param>
    public static RouteChoice Choose(
        string instance, InstanceView? view, RouteRequest request, ReplicaRules rules, Func<NodeId, int> sessions,
        uint turn)
    {
        if (view is null)
        {
            return new RouteChoice.Missing($"nothing is known about instance \"{instance}\" yet", null);
        }

        return request.Kind == RouteKind.Primary
            ? ChoosePrimary(view)
            : ChooseReplica(view, request, rules, sessions, turn);
    }

    private static RouteChoice ChoosePrimary(InstanceView view) => view.IsDraining
        ? new RouteChoice.Missing(
            $"the primary {view.Primary} of instance \"{view.Name}\" is handing over (term {view.Term})",
            Describe(view))
        : view.PrimaryNode is { } node
        ? new RouteChoice.To(new RouteTarget(node.Name, node.Host, node.Port, view.Term, IsPrimary: true))
        : new RouteChoice.Missing(
            $"instance \"{view.Name}\" has no serving primary (term {view.Term})", Describe(view));

    private static RouteChoice ChooseReplica(
        InstanceView view, RouteRequest request, ReplicaRules rules, Func<NodeId, int> sessions, uint turn)
    {
        var asked = view.Nodes.Where(n => request.Kind == RouteKind.Replica || HasTag(n, request.Tag)).ToArray();
        if (asked.Length == 0 && request.Kind == RouteKind.Tagged)
        {
            var known = view.Nodes.Where(n => !n.Tags.IsDefault).SelectMany(n => n.Tags)
                .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
            return new RouteChoice.Unknown(
                $"no node of instance \"{view.Name}\" has the tag \"{request.Tag}\"",
                $"After the database name may stand: @primary, @replica{string.Concat(known.Select(t => ", @" + t))}.");
        }

        var allowed = asked.Where(rules.Allow).ToArray();
        if (allowed.Length == 0)
        {
            return NoReplica(view, request, asked, rules);
        }

        var near = allowed.Where(n => rules.Cell.Length > 0 && n.Cell == rules.Cell).ToArray();
        var fit = (near.Length > 0 ? near : allowed).Select(n => (Node: n, Sessions: sessions(n.Name))).ToArray();
        var least = fit.Min(f => f.Sessions);
        var ties = fit.Where(f => f.Sessions == least).ToArray();
        var chosen = ties[turn % (uint)ties.Length].Node;
        return new RouteChoice.To(new RouteTarget(chosen.Name, chosen.Host, chosen.Port, view.Term, IsPrimary: false));
    }

    private static RouteChoice.Missing NoReplica(
        InstanceView view, RouteRequest request, NodeView[] asked, ReplicaRules rules)
    {
        var tagged = request.Kind == RouteKind.Tagged ? $" with the tag \"{request.Tag}\"" : "";
        var lag = rules.MaxLagBytes > 0 ? $" at most {rules.MaxLagBytes} bytes behind" : "";
        if (!rules.IsBounded)
        {
            return new RouteChoice.Missing(
                $"instance \"{view.Name}\" has no streaming replica{tagged}{lag}", Describe(view));
        }

        var ages = asked.Where(n => n.Role == NodeRole.Replica)
            .Select(n => StalenessText.Of(n.Name, rules.StalenessOf(n.Name))).ToList();
        return new RouteChoice.Missing(
            $"instance \"{view.Name}\" has no replica{tagged}{lag} that is at most "
                + $"{StalenessText.Seconds(rules.MaxStaleness)} stale"
                + (ages.Count > 0 ? ": " + string.Join(", ", ages) : ""),
            Describe(view), ComesWithTime: true);
    }

    private static bool HasTag(NodeView node, string tag) =>
        !node.Tags.IsDefault && node.Tags.Contains(tag, StringComparer.Ordinal);

    private static string Describe(InstanceView view) => view.Nodes.IsEmpty
        ? "No node is known."
        : "Nodes: " + string.Join(", ", view.Nodes.Select(n => $"{n.Name} {n.State.ToString().ToLowerInvariant()}"))
            + ".";
}
