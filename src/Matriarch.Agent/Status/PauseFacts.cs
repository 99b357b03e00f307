using Matriarch.Client;

namespace Matriarch.Agent;

/// <summary>Whether people have the instance's automatisms held off. There only while they have.</summary>
internal static class PauseFacts
{
    public const string Topic = "pause";

    public static IEnumerable<StatusFact> Of(StatusPicture picture)
    {
        if (picture.Pause.IsPaused)
        {
            var reason = picture.Pause.Reason.Length > 0 ? $": {picture.Pause.Reason}" : "";
            yield return StatusFact.OfInstance(
                Topic, "paused", FactSeverity.Warning,
                $"an operator has paused failover, asked of {picture.Pause.By}{reason}");
        }
        else if (picture.Decided.IsQuiesced)
        {
            yield return new StatusFact(
                Topic, picture.Self, FactScope.Node, "quiesced", FactSeverity.Info,
                $"{picture.Self} takes part in no election until its agent is restarted");
        }
    }
}
