namespace Matriarch.Tidy;

/// <summary>How a rule's findings become the result of a test.</summary>
internal static class Verdict
{
    /// <summary>Fails with the rule and every place that breaks it.</summary>
    public static void Clean(string rule, IEnumerable<Finding> findings)
    {
        var all = findings.OrderBy(f => f.Path, StringComparer.Ordinal).ThenBy(f => f.Line).ToList();
        if (all.Count > 0)
        {
            Assert.Fail($"{rule}\n{all.Count} found:\n  {string.Join("\n  ", all)}\n");
        }
    }

    /// <summary>
    /// The linter itself: an example that breaks a rule must be found, once, with these words in the message.
    /// </summary>
    public static void Finds(string words, IEnumerable<Finding> findings)
    {
        var finding = Assert.Single(findings);
        Assert.Contains(words, finding.ToString(), StringComparison.Ordinal);
    }
}
