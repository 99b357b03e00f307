using Matriarch.Client;
using Matriarch.Core;

namespace Matriarch.Agent;

/// <summary>What was asked for, and what commits wait for now.</summary>
internal static class DurabilityFacts
{
    public const string Topic = "durability";

    public static IEnumerable<StatusFact> Of(StatusPicture picture)
    {
        if (picture.Rule is not { } rule)
        {
            yield break;
        }

        var asked = $"{rule.Policy} is asked for: {rule.RequiredCopies} of {rule.Voters.Length} copies";
        var inForce = picture.InForce is { } standbys ? $"in force for commits: {standbys}" : "nobody serves";
        if (picture.AreWritesBlocked)
        {
            yield return Fact("durability-blocked", FactSeverity.Error, $"{asked}; {WhyBlocked(picture)}");
        }
        else if (rule.Policy.IsAsynchronous)
        {
            yield return Fact(
                "durability-async", FactSeverity.Info,
                "async is asked for: commits wait for no replica, and a failover may lose some");
        }
        else if (rule.RequiredCopies < rule.Policy.FewestVoters || rule.RequiredCells < rule.Policy.Cells)
        {
            yield return Fact(
                "durability-reduced", FactSeverity.Warning,
                $"{rule.Policy} is asked for, and {rule.Voters.Length} voters in {rule.RequiredCells} cells cannot " +
                $"keep it to the letter; {inForce}");
        }
        else
        {
            yield return Fact("durability-held", FactSeverity.Ok, $"{asked}; {inForce}");
        }
    }

    /// <summary>Why commits wait, where they do.</summary>
    public static string WhyBlocked(StatusPicture picture)
    {
        var standbys = picture.InForce!;
        var attached = standbys.Names.Where(picture.IsAttached).ToList();
        var missing = standbys.Names.Where(n => !picture.IsAttached(n));
        return $"{standbys.Count} of {string.Join(", ", standbys.Names)} must acknowledge a commit, and "
            + (attached.Count == 0 ? "none is attached" : $"only {string.Join(", ", attached)} is attached")
            + $"; missing: {string.Join(", ", missing)}";
    }

    private static StatusFact Fact(string kind, FactSeverity severity, string text) =>
        StatusFact.OfInstance(Topic, kind, severity, text);
}
