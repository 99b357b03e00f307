namespace Matriarch.Compatibility;

/// <summary>
/// What a run printed, in sections: a line "== name" begins one. A run that came to its end has printed the section
/// "end".
/// </summary>
internal sealed class Transcript
{
    private const string Mark = "== ";

    private Transcript(IReadOnlyList<(string Name, string Text)> sections) => Sections = sections;

    /// <summary>In order; what stands before the first mark has the empty name.</summary>
    public IReadOnlyList<(string Name, string Text)> Sections { get; }

    /// <summary>Whether the run came to its end.</summary>
    public bool IsComplete => Sections.Any(s => s.Name == "end");

    public static Transcript Parse(string text)
    {
        var sections = new List<(string, string)>();
        var name = "";
        var lines = new List<string>();
        foreach (var line in text.Split('\n'))
        {
            if (line.StartsWith(Mark, StringComparison.Ordinal))
            {
                sections.Add((name, string.Join('\n', lines)));
                name = line[Mark.Length..].Trim();
                lines.Clear();
            }
            else
            {
                lines.Add(line);
            }
        }

        sections.Add((name, string.Join('\n', lines)));
        return new Transcript(sections);
    }

    /// <summary>The names of the sections that are not in both, or are not the same.</summary>
    public IReadOnlyList<string> DifferencesFrom(Transcript other)
    {
        var mine = Grouped();
        var theirs = other.Grouped();
        return [.. mine.Keys.Union(theirs.Keys, StringComparer.Ordinal)
            .Where(name => !mine.TryGetValue(name, out var a) || !theirs.TryGetValue(name, out var b) || a != b)];
    }

    /// <summary>The text of a section; empty when there is none.</summary>
    public string this[string name] => Grouped().GetValueOrDefault(name, "");

    private Dictionary<string, string> Grouped() => Sections
        .GroupBy(s => s.Name, StringComparer.Ordinal)
        .ToDictionary(g => g.Key, g => string.Join("\n== again\n", g.Select(s => s.Text)), StringComparer.Ordinal);
}
