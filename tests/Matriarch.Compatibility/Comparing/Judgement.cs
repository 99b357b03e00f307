namespace Matriarch.Compatibility;

/// <summary>Whether two runs of one script say the same; pure.</summary>
internal static class Judgement
{
    /// <summary>How a driver's program begins the line of a case that it could not carry out.</summary>
    private const string FailureMark = "failed: ";

    private const int ContextLines = 3;
    private const int ShownLines = 60;

    /// <summary>What is wrong, one text each; empty when nothing is.</summary>
    /// <param name="script">suite/name.</param>
    /// <param name="known">What may differ.</param>
    /// <param name="direct">The run past the gateway.</param>
    /// <param name="proxied">The run through it.</param>
    /// <param name="differsByItself">Sections that two direct runs do not agree on; asked for only on a
    /// difference.</param>
    public static async Task<IReadOnlyList<string>> FaultsAsync(
        string script, KnownDifferences known, Transcript direct, Transcript proxied,
        Func<Task<IReadOnlyList<string>>> differsByItself)
    {
        if (!direct.IsComplete)
        {
            var last = direct.Sections[^1];
            return [$"the direct run did not come to its end; it has no section \"end\". Last: == {last.Name}\n"
                + last.Text];
        }

        var broken = direct.Sections.Where(s => s.Text.Split('\n').Any(
            l => l.StartsWith(FailureMark, StringComparison.Ordinal))).ToList();
        if (broken.Count > 0)
        {
            return [.. broken.Select(s => $"{script}#{s.Name} fails directly, so it shows nothing:\n{s.Text}")];
        }

        var differing = proxied.DifferencesFrom(direct);
        var faults = new List<string>();
        foreach (var section in known.Of(script).Where(s => !differing.Contains(s, StringComparer.Ordinal)))
        {
            faults.Add($"{script}#{section} does not differ any more: take it out of KnownDifferences.txt");
        }

        var news = differing.Where(s => !known.Has(script, s)).ToList();
        var unsteady = news.Count == 0 ? [] : await differsByItself();
        foreach (var section in news)
        {
            faults.Add(unsteady.Contains(section, StringComparer.Ordinal)
                ? $"{script}#{section} differs between two direct runs: make the script deterministic"
                : $"{script}#{section} differs through the gateway:\n" + Show(direct[section], proxied[section]));
        }

        return faults;
    }

    /// <summary>The place where two texts part, with a few lines before it: - direct, + proxied.</summary>
    public static string Show(string direct, string proxied)
    {
        var a = direct.Split('\n');
        var b = proxied.Split('\n');
        var head = 0;
        while (head < a.Length && head < b.Length && a[head] == b[head])
        {
            head++;
        }

        var tail = 0;
        while (tail < a.Length - head && tail < b.Length - head && a[^(tail + 1)] == b[^(tail + 1)])
        {
            tail++;
        }

        var context = a.Skip(Math.Max(0, head - ContextLines)).Take(Math.Min(head, ContextLines)).Select(l => "  " + l);
        return string.Join('\n', context
            .Concat(a.Skip(head).Take(Math.Min(ShownLines, a.Length - head - tail)).Select(l => "- " + Short(l)))
            .Concat(b.Skip(head).Take(Math.Min(ShownLines, b.Length - head - tail)).Select(l => "+ " + Short(l))));
    }

    private static string Short(string line) => line.Length <= 300 ? line : line[..300] + "…";
}
