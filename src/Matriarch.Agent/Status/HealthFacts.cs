using Matriarch.Client;
using Matriarch.Core;

namespace Matriarch.Agent;

/// <summary>The instance as a whole: whether it serves, accepts writes, and could lose something and go on.</summary>
internal static class HealthFacts
{
    public const string Topic = "health";

    public static StatusFact Of(StatusPicture picture)
    {
        if (picture.Primary is not { } primary)
        {
            return WithoutPrimary(picture);
        }

        var serves = $"{primary} serves term {picture.Decided.Known.Term}";
        if (picture.AreWritesBlocked)
        {
            return Fact(
                "writes-blocked", FactSeverity.Error,
                $"{serves}, but writes wait: {DurabilityFacts.WhyBlocked(picture)}");
        }

        var replicas = ReplicationFacts.Of(picture).ToList();
        var reasons = replicas.Where(r => !ReplicationFacts.IsStreaming(r)).Select(r => r.Text)
            .Concat(Unknown(picture)).ToList();
        return reasons.Count > 0
            ? Fact("degraded", FactSeverity.Warning, $"{serves}; {string.Join("; ", reasons)}")
            : Fact("healthy", FactSeverity.Ok, $"{serves}; {Streaming(replicas.Count)}");
    }

    private static string Streaming(int replicas) => replicas switch
    {
        0 => "it has no replicas",
        1 => "its replica streams",
        _ => $"all {replicas} replicas stream",
    };

    /// <summary>Voters of which not even an address is known.</summary>
    private static IEnumerable<string> Unknown(StatusPicture picture) => picture.Rule is not { } rule
        ? []
        : rule.Voters.Where(v => picture.Find(v.Node) is null).Select(v => $"{v.Node} votes and is not known here");

    private static StatusFact WithoutPrimary(StatusPicture picture)
    {
        if (picture.Rule is not { } rule)
        {
            return Fact("forming", FactSeverity.Info, "no leadership of this instance is known here yet");
        }

        if (SwitchoverFacts.HandingOver(picture) is { } from)
        {
            return Fact("no-primary", FactSeverity.Warning, $"no node serves while {from} hands over");
        }

        var there = rule.Voters.Where(v => picture.IsHeard(v.Node)).Select(v => v.Node).ToList();
        return Fact(
            "no-primary", FactSeverity.Error,
            $"no node serves; {rule.Leader} led term {rule.Term}; of {rule.Voters.Length} voters {there.Count} "
                + (there.Count == 1 ? "is here: " : "are here: ") + string.Join(", ", there));
    }

    private static StatusFact Fact(string kind, FactSeverity severity, string text) =>
        StatusFact.OfInstance(Topic, kind, severity, text);
}
