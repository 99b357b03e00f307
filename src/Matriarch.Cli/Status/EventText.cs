using System.Globalization;
using Matriarch.Client;
using Spectre.Console;

namespace Matriarch.Cli;

/// <summary>
/// Events as lines of Spectre markup. Columns have fixed widths: lines that come later stand below the earlier ones.
/// </summary>
internal sealed class EventText(LocalCluster cluster)
{
    private const int TermWidth = 4;
    private const int KindWidth = 22;

    private readonly int _nodeWidth = Math.Max(4, cluster.Nodes.Max(n => n.Name.Length));

    /// <summary>The titles.</summary>
    public string Header() =>
        $"  [dim]{"TIME (UTC)",-23}  {"TERM",TermWidth}  {"NODE".PadRight(_nodeWidth)}  "
        + $"{"EVENT",-KindWidth}  WHAT AND WHY[/]";

    /// <summary>One event.</summary>
    public string Line(EventEntry entry)
    {
        var at = entry.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
        var term = entry.Term?.ToString(CultureInfo.InvariantCulture) ?? Wording.None;
        var node = (entry.Node ?? Wording.None).PadRight(_nodeWidth);
        var (style, word) = entry.Severity switch
        {
            EventSeverity.Error => ("red", "error: "),
            EventSeverity.Warning => ("yellow", "warning: "),
            _ => ("default", ""),
        };
        return $"  [dim]{at}[/]  {term,TermWidth}  {Markup.Escape(node)}  "
            + $"{Markup.Escape(entry.Kind.PadRight(KindWidth))}  [{style}]{word}{Markup.Escape(entry.Message)}[/]";
    }
}
