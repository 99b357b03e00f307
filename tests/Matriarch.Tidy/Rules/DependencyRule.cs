using System.Xml.Linq;

namespace Matriarch.Tidy;

/// <summary>
/// Who may reference whom. Floors: a project sees floors below its own, never its siblings (they meet in Core) and
/// never up. A gateway routes by published cluster views and must not know how they came about; the command line hosts
/// the processes and otherwise talks to them as every client does.
/// </summary>
internal static class DependencyRule
{
    public const string Text =
        "Dependency rule: Core <- Wire <- Postgres, Topology, Consensus, Proxy, Backup, Workflows, Client "
        + "<- Agent, Gateway, Control <- Cli. Siblings do not reference each other, "
        + "Gateway never sees Consensus, src never sees tests or bench. A benchmark measures from outside: it sees "
        + "Core, Client and the test kit, and starts the program without referencing it.";

    private static readonly string[] Base = ["Core", "Wire"];

    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Core"] = [],
        ["Wire"] = ["Core"],
        ["Postgres"] = Base,
        ["Topology"] = Base,
        ["Consensus"] = Base,
        ["Proxy"] = Base,
        ["Backup"] = Base,
        ["Workflows"] = Base,
        ["Client"] = Base,
        ["Agent"] = [.. Base, "Postgres", "Topology", "Consensus", "Proxy", "Backup", "Client"],
        ["Gateway"] = [.. Base, "Topology", "Proxy", "Client"],
        ["Control"] = [.. Base, "Postgres", "Topology", "Backup", "Workflows", "Client"],
        ["Cli"] = ["Core", "Client", "Agent", "Gateway", "Control"],
    };

    private static readonly string[] AllowedInBench = ["Core", "Client", "TestKit"];

    /// <summary>What one project file references and must not.</summary>
    public static IEnumerable<Finding> Check(SourceFile project)
    {
        var name = ShortName(project.Path);
        if (!project.IsProduct)
        {
            foreach (var finding in project.Folder.StartsWith("bench/", StringComparison.Ordinal) ? Bench(project) : [])
            {
                yield return finding;
            }

            yield break;
        }

        if (!Allowed.TryGetValue(name, out var allowed))
        {
            yield return new(project.Path, 0, $"{name} has no place in the table of {nameof(DependencyRule)}");
            yield break;
        }

        foreach (var reference in References(project))
        {
            if (!reference.StartsWith("../Matriarch.", StringComparison.Ordinal))
            {
                yield return new(project.Path, 0, $"{name} references {reference}, which is outside src");
            }
            else if (!allowed.Contains(ShortName(reference), StringComparer.Ordinal))
            {
                yield return new(project.Path, 0, $"{name} references {ShortName(reference)}");
            }
        }
    }

    private static IEnumerable<Finding> Bench(SourceFile project) =>
        from reference in References(project)
        where !AllowedInBench.Contains(ShortName(reference), StringComparer.Ordinal)
        select new Finding(project.Path, 0, $"{ShortName(project.Path)} references {ShortName(reference)}");

    private static IEnumerable<string> References(SourceFile project) =>
        from element in XDocument.Parse(project.Text).Descendants("ProjectReference")
        where (string?)element.Attribute("ReferenceOutputAssembly") != "false" || project.IsProduct
        select ((string?)element.Attribute("Include") ?? "").Replace('\\', '/');

    private static string ShortName(string projectPath) =>
        Path.GetFileNameWithoutExtension(projectPath).Replace("Matriarch.", "", StringComparison.Ordinal);
}
