using Matriarch.Client;
using Matriarch.Core;

namespace Matriarch.Agent;

/// <summary>Whether a failover is under way, and how far it has come.</summary>
internal static class FailoverFacts
{
    public const string Topic = "failover";

    public static StatusFact Of(StatusPicture picture)
    {
        if (picture.Rule is not { } rule || picture.Primary is not null
            || SwitchoverFacts.HandingOver(picture) is not null)
        {
            return Fact("failover-none", FactSeverity.Ok, "no failover is under way");
        }

        var (step, node) = Furthest(picture);
        if (step is NodeStep.Detecting or null)
        {
            if (picture.Decided.IsQuiesced)
            {
                return Fact("failover-held", FactSeverity.Warning, "nobody may lead: elections are held off");
            }

            if (LossMargin.Of(rule, null, picture.IsHeard, _ => false).Elections < 0)
            {
                return Fact(
                    "failover-waiting", FactSeverity.Warning,
                    "too few voters for an election; missing: " + string.Join(", ", MembershipFacts.Missing(picture)));
            }
        }

        return Fact($"failover-{step ?? NodeStep.Detecting}", FactSeverity.Info, TextOf(picture, step, node));
    }

    private static (string? Step, NodeId Node) Furthest(StatusPicture picture)
    {
        var best = (Rank: -1, Node: default(NodeId));
        foreach (var node in picture.Nodes)
        {
            var rank = node is { IsHeard: true, Facts.Step: { } step } ? IndexOf(step) : -1;
            if (rank > best.Rank)
            {
                best = (rank, node.Id);
            }
        }

        return best.Rank < 0 ? (null, default) : (NodeStep.OfFailover[best.Rank], best.Node);
    }

    private static int IndexOf(string step)
    {
        for (var i = 0; i < NodeStep.OfFailover.Count; i++)
        {
            if (NodeStep.OfFailover[i] == step)
            {
                return i;
            }
        }

        return -1;
    }

    private static string TextOf(StatusPicture picture, string? step, NodeId node) => step switch
    {
        NodeStep.Recruiting => $"voters are recruited for a term above {picture.Decided.Known.Term}",
        NodeStep.Fetching => $"{node} is to lead and fetches the WAL that it lacks",
        NodeStep.Promoting => $"{node} is being promoted",
        NodeStep.CommittingRule => $"{node} is promoted and commits the rule of its term",
        NodeStep.WaitingForLease => $"{node} waits until the old lease has run out",
        NodeStep.Detecting => $"{picture.Decided.Known.Leader} has failed, an election is due",
        _ => "nobody is known to serve, and it is not certain that the leader has failed",
    };

    private static StatusFact Fact(string kind, FactSeverity severity, string text) =>
        StatusFact.OfInstance(Topic, kind, severity, text);
}
