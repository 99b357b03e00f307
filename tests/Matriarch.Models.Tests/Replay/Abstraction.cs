using Matriarch.Consensus;

namespace Matriarch.Models.Tests;

/// <summary>What the model and the code can both tell of a node, in words, so that a difference can be read.</summary>
internal sealed record Abstraction(
    string Promise, string Disk, string Posture, string Known, string Rule, string Phase, string Serving, string Waits)
{
    public static Abstraction Of(ReplayedNode node)
    {
        if (node.Agent is not { } agent)
        {
            return new Abstraction("down", "", "", "", "", "", "", "");
        }

        var known = agent.Known;
        return new Abstraction(
            Text(agent.Promise), Text(node.Disk),
            agent.DesiredPosture switch
            {
                Posture.Detached detached => $"detached {detached.Term}",
                Posture.Following following => $"following {following.Term} {following.Leader}",
                Posture.Leading leading => $"leading {leading.Term}",
                _ => "idle",
            },
            $"{known.Term} {known.Leader}", agent.Rule?.ToString() ?? "none",
            agent.Phase?.ToString().ToLowerInvariant() ?? "none", node.Serving?.ToString() ?? "nobody",
            agent.Phase is null ? "" : node.Standbys.ToString());
    }

    public static Abstraction Of(ModelState state, string name)
    {
        var node = state.Nodes[name];
        if (!node.IsUp)
        {
            return new Abstraction("down", "", "", "", "", "", "", "");
        }

        var posture = node.Posture;
        return new Abstraction(
            Text(node.Promise), Text(node.Durable),
            posture.Kind == "following" ? $"following {posture.Term} {posture.Leader}"
                : posture.Kind == "idle" ? "idle"
                : $"{posture.Kind} {posture.Term}",
            $"{node.Known.Term} {node.Known.Leader}",
            node.Rule < 0 ? "none" : ReplayedNode.RealRule(state, node.Rule).ToString(),
            node.Phase, node.Phase == "serving" ? ReplayedNode.RealRule(state, node.Ruling).ToString() : "nobody",
            !node.IsLeading ? ""
                : node.Copies == 0 ? "none"
                : $"ANY {node.Copies} ({string.Join(", ", node.Standbys)})");
    }

    public static PromiseKind KindOf(string kind) => Enum.Parse<PromiseKind>(kind, ignoreCase: true);

    private static string Text(Promise promise) =>
        $"{promise.Term} {promise.Kind.ToString().ToLowerInvariant()} {promise.Node} accepted {promise.Accepted}";

    private static string Text(ModelPromise promise) =>
        $"{promise.Term} {promise.Kind} {promise.Node} accepted {promise.Accepted}";
}
