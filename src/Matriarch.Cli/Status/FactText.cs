using Matriarch.Client;
using Spectre.Console;

namespace Matriarch.Cli;

/// <summary>Facts as lines of Spectre markup, worst first: one short line each, below the headline.</summary>
internal static class FactText
{
    /// <summary>The lines.</summary>
    /// <param name="facts">As the status has them.</param>
    /// <param name="isVerbose">Also what is as it should be.</param>
    public static IEnumerable<string> Lines(IReadOnlyList<FactEntry> facts, bool isVerbose)
    {
        var shown = facts.Where(f => isVerbose || f.Severity > FactSeverity.Ok).ToList();
        var width = shown.Select(f => f.Kind.Length).DefaultIfEmpty().Max();
        return shown.Select(f => Line(f, width));
    }

    private static string Line(FactEntry fact, int width)
    {
        var (style, word) = fact.Severity switch
        {
            FactSeverity.Error => ("red", "error"),
            FactSeverity.Warning => ("yellow", "warning"),
            FactSeverity.Info => ("default", "info"),
            _ => ("green", "ok"),
        };
        var since = fact.Seconds >= 1 ? $" [dim](for {Wording.Duration(fact.Seconds)})[/]" : "";
        var kind = Markup.Escape(fact.Kind.PadRight(width));
        return $"  [{style}]{word,-7}  {kind}[/]  {Markup.Escape(fact.Text)}{since}";
    }
}
