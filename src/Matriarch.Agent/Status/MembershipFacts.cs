using Matriarch.Client;
using Matriarch.Core;

namespace Matriarch.Agent;

/// <summary>Who votes, who is missing, and how much more may be lost.</summary>
internal static class MembershipFacts
{
    public const string Topic = "membership";

    public static IEnumerable<StatusFact> Of(StatusPicture picture)
    {
        if (picture.Rule is not { } rule)
        {
            yield break;
        }

        var margin = LossMargin.Of(rule, picture.Primary, picture.IsHeard, picture.IsAttached);
        var missing = Missing(picture);
        var observers = picture.Nodes.Where(n => !rule.HasVoter(n.Id)).Select(n => n.Id).ToList();
        var text = $"voters {string.Join(", ", rule.Voters.Select(v => v.Node))}"
            + (observers.Count > 0 ? $"; without a vote {string.Join(", ", observers)}" : "")
            + (missing.Count > 0 ? $"; missing {string.Join(", ", missing)}" : "")
            + $"; {Loss(margin.Writes, "writes")}, {Loss(margin.Elections, "elections")}";
        yield return margin.Elections < 0
                ? Fact("elections-impossible", FactSeverity.Error, text)
            : missing.Count > 0 ? Fact("voters-missing", FactSeverity.Warning, text)
            : picture.Decided is { IsServing: true, IsChanging: true }
                ? Fact("voters-changing", FactSeverity.Info, $"a change is under way; {text}")
            : Fact("voters-complete", FactSeverity.Ok, text);
    }

    /// <summary>The voters that are not heard.</summary>
    public static List<NodeId> Missing(StatusPicture picture) =>
        picture.Rule is { } rule ? [.. rule.Voters.Select(v => v.Node).Where(n => !picture.IsHeard(n))] : [];

    private static string Loss(int margin, string what) => margin switch
    {
        < 0 => $"{what} do not work now",
        0 => $"{what} survive no further loss",
        1 => $"{what} survive the loss of one more",
        _ => $"{what} survive the loss of {margin} more",
    };

    private static StatusFact Fact(string kind, FactSeverity severity, string text) =>
        StatusFact.OfInstance(Topic, kind, severity, text);
}
