using System.Globalization;
using Matriarch.Client;
using Matriarch.Core;

namespace Matriarch.Agent;

/// <summary>One fact for every node that does not serve: how it follows, or why it does not.</summary>
internal static class ReplicationFacts
{
    public const string Topic = "replication";

    private const string Streaming = "replica-streaming";
    private const string Behind = "replica-behind";

    /// <summary>A replica that gets no further for this long has stalled.</summary>
    public static readonly TimeSpan StallLimit = TimeSpan.FromSeconds(10);

    public static IEnumerable<StatusFact> Of(StatusPicture picture)
    {
        var primary = picture.Primary;
        foreach (var node in picture.Nodes)
        {
            if (node.Id != primary)
            {
                var (kind, severity, text) = Judge(node, primary, picture.MostLagBytes);
                yield return new StatusFact(
                    Topic, node.Id, FactScope.Instance, kind, severity, $"{node.Id} {text}");
            }
        }
    }

    /// <summary>Whether such a fact says that all is well, or only that there is much to catch up.</summary>
    public static bool IsStreaming(StatusFact fact) => fact.Kind is Streaming or Behind;

    private static (string Kind, FactSeverity Severity, string Text) Judge(
        PictureNode node, NodeId? primary, long mostLag)
    {
        var why = node.Facts.Reason is { Length: > 0 } reason ? $": {reason}" : "";
        return node switch
        {
            { IsHeard: false } => ("replica-unreachable", FactSeverity.Warning,
                node.Silence is { } silence ? $"has not been heard for {Seconds(silence)} s"
                : "has not been heard since this agent started"),
            { Facts.State: NodeState.Promoting } => ("replica-promoting", FactSeverity.Info, "is being promoted"),
            { Facts.State: NodeState.Serving } =>
                ("replica-joining", FactSeverity.Info, "was the primary and has not said what it is now"),
            { Facts.Step: NodeStep.Initializing } =>
                ("replica-empty", FactSeverity.Info, "makes the first data directory"),
            { Facts.State: NodeState.Failed } => ("replica-failed", FactSeverity.Error, $"does not start{why}"),
            { Facts.State: NodeState.Copying } or { Facts.Step: NodeStep.Copying } =>
                ("replica-copying", FactSeverity.Info, "copies the data of the primary"),
            { IsWalGone: true, Facts.State: not NodeState.Streaming } =>
                ("replica-wal-gone", FactSeverity.Error,
                    "cannot catch up: the WAL that its slot kept for it is gone; it is to be copied again"),
            { Facts.Step: NodeStep.Rewinding } => ("replica-rewinding", FactSeverity.Info,
                "goes back to the fork with the primary"),
            { Facts.State: NodeState.Streaming } => OfStreaming(node, mostLag),
            { Facts.State: NodeState.Stopped } =>
                ("replica-stopped", FactSeverity.Warning, $"does not run PostgreSQL{why}"),
            { Facts.State: NodeState.Empty } => ("replica-empty", FactSeverity.Info, $"has no data yet{why}"),
            { Facts.State: NodeState.Starting } => ("replica-starting", FactSeverity.Info, $"is starting{why}"),
            _ when primary is null => ("replica-waiting", FactSeverity.Info, "follows nobody: no node serves"),
            _ when why.Length > 0 || node.StandsStill >= StallLimit =>
                ("replica-stalled", FactSeverity.Warning,
                    $"has not streamed for {Seconds(node.StandsStill)} s{why}"),
            _ => ("replica-joining", FactSeverity.Info, "connects to the primary"),
        };
    }

    private static (string Kind, FactSeverity Severity, string Text) OfStreaming(PictureNode node, long mostLag)
    {
        var lag = node.LagBytes is { } bytes
            ? string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes behind") : "with a lag that is not known";
        return node switch
        {
            { LagBytes: > 0 } when node.StandsStill >= StallLimit =>
                ("replica-stalled", FactSeverity.Warning,
                    $"streams, but has replayed nothing for {Seconds(node.StandsStill)} s, {lag}"),
            { LagBytes: { } much } when much > mostLag => (Behind, FactSeverity.Info, $"streams, {lag}"),
            _ => (Streaming, FactSeverity.Ok, $"streams, {lag}"),
        };
    }

    private static string Seconds(TimeSpan span) => span.TotalSeconds.ToString("F0", CultureInfo.InvariantCulture);
}
