namespace Matriarch.Compatibility;

/// <summary>
/// What is known to differ through the gateway, from KnownDifferences.txt: lines "suite/script#section: reason". A line
/// that does not differ any more is an error, so the file stays true.
/// </summary>
internal sealed class KnownDifferences
{
    private readonly Dictionary<string, string> _reasons;

    private KnownDifferences(Dictionary<string, string> reasons) => _reasons = reasons;

    /// <summary>Those of this project.</summary>
    public static KnownDifferences OfGateway { get; } =
        Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "KnownDifferences.txt")));

    /// <summary>All names that are listed.</summary>
    public IReadOnlyCollection<string> Names => _reasons.Keys;

    /// <exception cref="FormatException">A line without a name or a reason, or a name that comes twice.</exception>
    public static KnownDifferences Parse(string text)
    {
        var reasons = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n').Where(l => l.Trim().Length > 0 && !l.StartsWith('#')))
        {
            var colon = line.IndexOf(": ", StringComparison.Ordinal);
            if (colon <= 0 || line[(colon + 2)..].Trim().Length == 0 || !reasons.TryAdd(line[..colon], line))
            {
                throw new FormatException($"not \"suite/script#section: reason\", or twice: {line}");
            }
        }

        return new KnownDifferences(reasons);
    }

    /// <summary>Whether this section of this script is listed.</summary>
    public bool Has(string script, string section) => _reasons.ContainsKey($"{script}#{section}");

    /// <summary>The listed sections of one script.</summary>
    public IEnumerable<string> Of(string script) => _reasons.Keys
        .Where(k => k.StartsWith(script + "#", StringComparison.Ordinal)).Select(k => k[(script.Length + 1)..]);
}
