using System.Globalization;
using Matriarch.Client;
using Matriarch.Core;
using Spectre.Console;

namespace Matriarch.Cli;

/// <summary>
/// The status of a cluster as lines of Spectre markup: a headline, the facts that are not well, a table, and a
/// line for whatever is wrong with a node.
/// </summary>
internal static class StatusText
{
    /// <summary>All instances, one after the other.</summary>
    /// <param name="document">What to show.</param>
    /// <param name="isVerbose">Also facts that only say that all is well.</param>
    public static IReadOnlyList<string> Lines(StatusDocument document, bool isVerbose = false)
    {
        var lines = new List<string>();
        foreach (var instance in document.Instances)
        {
            if (lines.Count > 0)
            {
                lines.Add("");
            }

            lines.Add(Headline(instance));
            lines.AddRange(FactText.Lines(instance.Facts ?? [], isVerbose));
            lines.Add("");
            lines.AddRange(Table(instance).ToMarkup());
            var remarks = instance.Nodes.Where(n => !string.IsNullOrEmpty(n.Reason)).ToList();
            if (remarks.Count > 0)
            {
                lines.Add("");
                lines.AddRange(
                    remarks.Select(n => $"  [yellow]{Markup.Escape(n.Name)}: {Markup.Escape(n.Reason!)}[/]"));
            }
        }

        return lines;
    }

    /// <summary>The style of a state: green is as it should be, yellow on its way there, red is not.</summary>
    public static string Style(NodeState state) => state switch
    {
        NodeState.Serving or NodeState.Streaming => "green",
        NodeState.Unreachable or NodeState.Stopped or NodeState.Failed => "red",
        _ => "yellow",
    };

    private static string Headline(InstanceStatus instance)
    {
        var parts = new List<string> { $"instance [bold]{Markup.Escape(instance.Name)}[/]" };
        if (instance.Term > 0)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"term {instance.Term}"));
        }

        // Equal by design; worth a word only in the moments when it is not yet.
        if (instance.Timeline is { } timeline && timeline != instance.Term)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"timeline {timeline}"));
        }

        parts.Add(instance.Primary is { } primary
            ? $"primary [bold]{Markup.Escape(primary)}[/]"
            : "[red]no primary[/]");
        parts.Add("durability " + Markup.Escape(instance.Durability));
        if (instance.Paused is { } reason)
        {
            parts.Add("[yellow]paused" + (reason.Length == 0 ? "" : ": " + Markup.Escape(reason)) + "[/]");
        }

        return string.Join(", ", parts);
    }

    private static TextTable Table(InstanceStatus instance)
    {
        var table = new TextTable(
            "NODE",
            "CELL",
            "ROLE",
            "STATE",
            new Column("LSN", IsNumber: true),
            new Column("LAG", IsNumber: true),
            new Column("UPTIME", IsNumber: true),
            "ADDRESS",
            new Column("POSTGRES", IsNumber: true),
            new Column("AGENT", IsNumber: true));
        foreach (var node in instance.Nodes)
        {
            var isPrimary = node.Role is NodeRole.Primary;
            table.Add(
                new Cell(node.Name, isPrimary ? "bold" : ""),
                node.Cell,
                new Cell(
                    node.Role is NodeRole.Unknown ? Wording.None : Wording.Word(node.Role), isPrimary ? "bold" : ""),
                new Cell(Wording.Word(node.State), Style(node.State)),
                node.Lsn ?? Wording.None,
                isPrimary ? Wording.None : Wording.Bytes(node.LagBytes),
                Wording.Duration(node.UptimeSeconds),
                new ListenAddress(node.Host, node.Port).ToString(),
                Number(node.PostmasterPid),
                Number(node.AgentPid));
        }

        return table;
    }

    private static string Number(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? Wording.None;
}
