using System.Globalization;
using Matriarch.Client;
using Matriarch.Consensus;

namespace Matriarch.Agent;

/// <summary>Whether this standby could take over the subscribers of the primary's logical slots.</summary>
internal static class LogicalSlotFacts
{
    public const string Topic = "logical-slots";

    /// <summary>A new slot is copied in turn, and catches up; longer than this is worth a look.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private const int MostNamed = 5;

    public static IEnumerable<StatusFact> Of(StatusPicture picture)
    {
        if (picture.Slots.IsEmpty || picture.Decided.Posture is not Posture.Following)
        {
            yield break;
        }

        var unready = picture.Slots.Where(s => !s.IsReady).ToList();
        if (unready.Count == 0)
        {
            yield return Fact(
                picture, "logical-slots-ready", FactSeverity.Ok,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{picture.Self} could go on with all {picture.Slots.Length} logical slots of the primary"));
            yield break;
        }

        var named = string.Join("; ", unready.Take(MostNamed).Select(s => $"{s.Name}: {s.Reason}"))
            + (unready.Count > MostNamed ? "; and more" : "");
        var share = string.Create(CultureInfo.InvariantCulture, $"{unready.Count} of {picture.Slots.Length}");
        var text = $"{picture.Self} would lose {share} logical slots if it led now: {named}";
        yield return picture.SlotsUnreadyFor > Patience
            ? Fact(picture, "logical-slots-not-ready", FactSeverity.Warning, text)
            : Fact(picture, "logical-slots-pending", FactSeverity.Info, text);
    }

    private static StatusFact Fact(StatusPicture picture, string kind, FactSeverity severity, string text) =>
        new(Topic, picture.Self, FactScope.Node, kind, severity, text);
}
