using System.Text.RegularExpressions;

namespace Matriarch.Tidy;

/// <summary>Documents name what exists.</summary>
internal static partial class DocumentRules
{
    private const int ReadmeLines = 80;

    /// <summary>Every relative link leads to a file or folder of the clone.</summary>
    /// <param name="has">Whether the clone has a path, relative to its root.</param>
    public static IEnumerable<Finding> Links(SourceFile document, Func<string, bool> has) =>
        from line in Prose(document)
        from match in Link().Matches(CodeSpan().Replace(line.Text, ""))
        let target = match.Groups["target"].Value.Split('#')[0]
        where target.Length > 0 && !Scheme().IsMatch(target)
        let path = Resolve(document.Folder, Uri.UnescapeDataString(target))
        where path is null || !has(path)
        select new Finding(document.Path, line.Number, $"a link to {target}, which does not exist");

    /// <summary>
    /// Every code span that looks like a path of the clone is one. A pattern or a placeholder (*, &lt;name&gt;) is not
    /// looked up.
    /// </summary>
    public static IEnumerable<Finding> Paths(SourceFile document, Func<string, bool> has) =>
        from line in Prose(document)
        from match in CodeSpan().Matches(line.Text)
        let path = match.Groups["code"].Value.Trim().Split(' ', ':')[0]
        where PathOfClone().IsMatch(path) && path.IndexOfAny(['*', '<', '{', '…']) < 0 && !has(path)
        select new Finding(document.Path, line.Number, $"`{path}` does not exist");

    /// <summary>A subsystem's README is a page and says which type to begin with.</summary>
    /// <param name="types">The names of the types that the project declares.</param>
    public static IEnumerable<Finding> Readme(string project, SourceFile? readme, IReadOnlySet<string> types)
    {
        if (readme is null)
        {
            yield return new(project, 0, "has no README.md");
            yield break;
        }

        if (readme.Lines.Length > ReadmeLines)
        {
            yield return new(readme.Path, 0, $"{readme.Lines.Length} lines, at most {ReadmeLines}");
        }

        var named = CodeSpan().Matches(readme.Text).Select(m => Identifier().Match(m.Groups["code"].Value).Value);
        if (!named.Any(types.Contains))
        {
            yield return new(readme.Path, 0,
                "names no existing type to begin with (in a code span)");
        }
    }

    /// <summary>The lines outside fenced blocks.</summary>
    private static IEnumerable<(int Number, string Text)> Prose(SourceFile document)
    {
        var fenced = false;
        foreach (var (index, line) in document.Lines.Index())
        {
            if (line.TrimStart().StartsWith("```", StringComparison.Ordinal))
            {
                fenced = !fenced;
            }
            else if (!fenced)
            {
                yield return (index + 1, line);
            }
        }
    }

    /// <summary>Relative to the clone; null when it leads out of it.</summary>
    private static string? Resolve(string folder, string target)
    {
        var path = Path.GetRelativePath("/clone", Path.Combine("/clone", folder, target));
        return path.StartsWith("..", StringComparison.Ordinal) || target.StartsWith('/') ? null : path;
    }

    [GeneratedRegex(@"\]\(<?(?<target>[^)\s>]+)|^\s*\[[^\]]+\]:\s*<?(?<target>[^\s>]+)")]
    private static partial Regex Link();

    [GeneratedRegex("^([a-z][a-z0-9+.-]*:|//)", RegexOptions.IgnoreCase)]
    private static partial Regex Scheme();

    [GeneratedRegex("`(?<code>[^`]+)`")]
    private static partial Regex CodeSpan();

    [GeneratedRegex("^(src|tests|docs|bench|deploy|models|build)/.")]
    private static partial Regex PathOfClone();

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*")]
    private static partial Regex Identifier();
}
