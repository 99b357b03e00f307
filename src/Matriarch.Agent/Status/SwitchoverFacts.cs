using Matriarch.Client;
using Matriarch.Core;

namespace Matriarch.Agent;

/// <summary>A leader on its planned way out. There only while one is.</summary>
internal static class SwitchoverFacts
{
    public const string Topic = "switchover";

    public static IEnumerable<StatusFact> Of(StatusPicture picture)
    {
        if (HandingOver(picture) is { } from)
        {
            yield return StatusFact.OfInstance(
                Topic, "switchover-running", FactSeverity.Info,
                $"{from} has stopped serving and hands term {picture.Decided.Known.Term} over");
        }
    }

    /// <summary>Who hands over; null when nobody does.</summary>
    public static NodeId? HandingOver(StatusPicture picture)
    {
        foreach (var node in picture.Nodes)
        {
            if (node is { IsHeard: true, Facts.Step: NodeStep.HandingOver })
            {
                return node.Id;
            }
        }

        return null;
    }
}
