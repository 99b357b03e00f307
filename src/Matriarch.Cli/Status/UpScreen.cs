using Matriarch.Client;
using Matriarch.Core;
using Spectre.Console;

namespace Matriarch.Cli;

/// <summary>
/// The screen with which <c>up</c> ends: how to connect, who is who, what to try. Lines of Spectre markup.
/// </summary>
internal static class UpScreen
{
    /// <summary>All lines.</summary>
    /// <param name="outcome">What <c>up</c> came to.</param>
    /// <param name="url">With the password.</param>
    /// <param name="command">How the person types commands, for example <c>./matriarch</c>.</param>
    /// <param name="flags">What commands need to find this cluster, for example <c> --dir x</c>; may be empty.</param>
    /// <param name="elapsed">Since the command began.</param>
    /// <param name="isDetached">Whether the command returns.</param>
    public static IReadOnlyList<string> Lines(
        ClusterUp.Outcome outcome, string url, string command, string flags, TimeSpan elapsed, bool isDetached)
    {
        var cluster = outcome.Cluster;
        var instance = outcome.Look.Status.Instance(cluster.Instance);
        var lines = new List<string>
        {
            outcome.WasRunning
                ? $"[bold]The cluster in {Markup.Escape(cluster.Paths.Root)} is already running.[/]"
                : $"[bold]Matriarch is up[/], ready after {Wording.Elapsed(elapsed)}.",
            "",
            $"  [bold green]{Markup.Escape(url)}[/]",
            "",
        };
        lines.AddRange(Nodes(instance).ToMarkup());
        lines.Add("");
        if (instance is not null)
        {
            var meaning = instance.Durability.StartsWith("async", StringComparison.Ordinal)
                ? "a write is acknowledged before any replica has it, and a failover may lose it"
                : "an acknowledged write is on that many nodes";
            lines.Add($"  Durability: {Markup.Escape(instance.Durability)}; {meaning}.");
        }

        if (cluster.HasNodesElsewhere)
        {
            lines.Add($"  Node data: {Markup.Escape(Path.GetDirectoryName(cluster.Nodes[0].Directory) ?? "")}, "
                + $"because the user {NodesPlacement.OsUser} cannot enter {Markup.Escape(cluster.Paths.Root)}.");
        }

        if (lines[^1].Length > 0)
        {
            lines.Add("");
        }

        lines.Add("Three things to try:");
        lines.AddRange(Tries(command, flags, instance?.Primary ?? cluster.Nodes[0].Name, cluster.Nodes.Length > 1));
        lines.Add("");
        lines.Add(isDetached || outcome.WasRunning
            ? $"Stop it with: {Markup.Escape(command)} down{Markup.Escape(flags)}"
            : "Events follow. Ctrl-C stops the cluster; its data stays.");
        return lines;
    }

    private static TextTable Nodes(InstanceStatus? instance)
    {
        var table = new TextTable("NODE", "CELL", "ROLE", "STATE", "ADDRESS");
        foreach (var node in instance?.Nodes ?? [])
        {
            var isPrimary = node.Role is NodeRole.Primary;
            table.Add(
                new Cell(node.Name, isPrimary ? "bold" : ""),
                node.Cell,
                new Cell(
                    node.Role is NodeRole.Unknown ? Wording.None : Wording.Word(node.Role), isPrimary ? "bold" : ""),
                new Cell(Wording.Word(node.State), StatusText.Style(node.State)),
                new ListenAddress(node.Host, node.Port).ToString());
        }

        return table;
    }

    private static IEnumerable<string> Tries(string command, string flags, string primary, bool hasOthers)
    {
        (string Line, string Why)[] tries =
        [
            ($"{command} psql{flags}", "a session on the primary, wherever it is"),
            (
                $"{command} agent kill {primary}{flags}",
                hasOthers ? "kill -9 the primary: another node leads" : "kill -9 the only node"),
            ($"{command} status --watch{flags}", "see it happen; agent start brings it back"),
        ];
        var width = tries.Max(t => t.Line.Length);
        return tries.Select(t => $"  [bold]{Markup.Escape(t.Line.PadRight(width))}[/]   [dim]{t.Why}[/]");
    }
}
