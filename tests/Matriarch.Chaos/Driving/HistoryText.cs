using System.Collections.Immutable;

namespace Matriarch.Chaos;

/// <summary>The history around violations, for people.</summary>
internal static class HistoryText
{
    private static readonly TimeSpan Around = TimeSpan.FromSeconds(3);

    /// <summary>Writes what was heard around each violation, in the order in which it began.</summary>
    public static Task WriteAsync(string file, Round round, ImmutableArray<Violation> violations)
    {
        var times = violations.Select(v => v.At).OfType<TimeSpan>().ToList();
        var lines = round.Writes.Select(w => (w.Invoked, Text: w.ToString()))
            .Concat(round.Reads.Select(r => (r.Invoked, Text: $"{r}{(r.IsDirect ? " direct" : "")}")))
            .Where(l => times.Exists(t => (l.Invoked - t).Duration() < Around))
            .OrderBy(l => l.Invoked).Select(l => l.Text);
        return File.WriteAllLinesAsync(file, [.. violations.Select(v => $"{v.Property}: {v.Message}"), "", .. lines]);
    }
}
