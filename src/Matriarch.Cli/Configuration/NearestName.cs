namespace Matriarch.Cli.Configuration;

/// <summary>Finds what a mistyped name was probably meant to be.</summary>
internal static class NearestName
{
    /// <summary>"; did you mean …?", or nothing when no name is near.</summary>
    public static string Suggest(string typed, IReadOnlyCollection<string> known, string prefix = "")
    {
        var limit = Math.Max(2, typed.Length / 3);
        var nearest = known
            .Select(name => (name, distance: Distance(typed.ToUpperInvariant(), name.ToUpperInvariant())))
            .Where(c => c.distance <= limit)
            .OrderBy(c => c.distance).ThenBy(c => c.name, StringComparer.Ordinal)
            .Select(c => c.name)
            .FirstOrDefault()
            ?? known.FirstOrDefault(name => LastPart(name) is { } part && part == LastPart(typed));
        return nearest is null ? "" : $"; did you mean {prefix}{nearest}?";
    }

    // The right name in the wrong section.
    private static string? LastPart(string key) =>
        key.LastIndexOf('.') is var dot && dot < 0 ? null : key[(dot + 1)..];

    /// <summary>Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).</summary>
    internal static int Distance(string a, string b)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            table[i, 0] = i;
        }

        for (var j = 0; j <= b.Length; j++)
        {
            table[0, j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = table[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                var best = Math.Min(Math.Min(table[i - 1, j] + 1, table[i, j - 1] + 1), replaced);
                var isSwap = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                table[i, j] = isSwap ? Math.Min(best, table[i - 2, j - 2] + 1) : best;
            }
        }

        return table[a.Length, b.Length];
    }
}
