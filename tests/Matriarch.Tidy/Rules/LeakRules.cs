using System.Text.RegularExpressions;

namespace Matriarch.Tidy;

/// <summary>
/// What a clone must not carry from the machine where it was written: names of package mirrors, paths, people. The
/// patterns and their examples are written so that they do not find themselves.
/// </summary>
internal static partial class LeakRules
{
    public static IEnumerable<Finding> Check(SourceFile file)
    {
        if (file.Name.ToUpperInvariant() is "NUGET.CONFIG" or ".NPMRC" or ".NETRC" or "PIP.CONF")
        {
            yield return new(file.Path, 0, "package sources are the machine's business");
        }

        foreach (var (index, line) in file.Lines.Index())
        {
            var leak = PackageHost().Match(line) is { Success: true } host ? $"a package host: {host.Value}"
                : HomePath().Match(line) is { Success: true } path ? $"a path of one machine: {path.Value}"
                : Address().Matches(line).FirstOrDefault(a => !NobodysDomain().IsMatch(a.Value)) is { } person
                    ? $"somebody's address: {person.Value}"
                : null;
            if (leak is not null)
            {
                yield return new(file.Path, index + 1, leak);
            }
        }
    }

    /// <summary>
    /// Clean text: LF, a last line end, no byte order mark; in C#, no tabs and no white space at the end of a line.
    /// </summary>
    public static IEnumerable<Finding> Whitespace(SourceFile file)
    {
        if (file.Text.Contains('\r', StringComparison.Ordinal))
        {
            yield return new(file.Path, 0, "CR LF line ends");
        }

        if (file.Text.StartsWith('\uFEFF') || (file.Text.Length > 0 && !file.Text.EndsWith('\n')))
        {
            yield return new(file.Path, 0, "a byte order mark, or no line end at its end");
        }

        foreach (var finding in !file.IsCSharp ? [] : file.EachLine(
            l => l.Contains('\t', StringComparison.Ordinal) || l.EndsWith(' '), "a tab, or white space at the end"))
        {
            yield return finding;
        }
    }

    [GeneratedRegex(
        @"https?://[^/\s""'<]*\b(registry|mirror|artifactory|jfrog|nexus|nuget|npm|npmjs|pypi|proxy)\b"
        + @"[^/\s""'<]*\.[a-z]{2,}"
        + @"|\b[a-z0-9-]+(\.[a-z0-9-]+)*\.(intern[a]l|cor[p]|jfro[g]\.io)\b(?!\()",
        RegexOptions.IgnoreCase)]
    private static partial Regex PackageHost();

    [GeneratedRegex(@"(?<![\w.~})-])/(wor[k]|hom[e]/[a-z][\w.-]*|User[s]/[A-Za-z][\w.-]*|roo[t])/")]
    private static partial Regex HomePath();

    [GeneratedRegex(@"(?<![\w:/.])[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}\b")]
    private static partial Regex Address();

    /// <summary>Reserved names (RFC 2606), and units of systemd, which look like addresses.</summary>
    [GeneratedRegex(
        @"@(.*\.)?(example(\.(com|net|org))?|invalid|test|localhost)$"
        + @"|\.(service|socket|target|timer|slice)$|^git@")]
    private static partial Regex NobodysDomain();
}
