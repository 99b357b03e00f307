using System.Xml.Linq;

namespace Matriarch.Tidy;

/// <summary>Projects are built together, with one version of each package.</summary>
internal static class ProjectRules
{
    private static readonly string[] VersionedItems = ["PackageReference", "PackageVersion", "GlobalPackageReference",
        "PackageDownload"];

    public static IEnumerable<Finding> Versions(SourceFile project) =>
        from element in XDocument.Parse(project.Text, LoadOptions.SetLineInfo).Descendants()
        where VersionedItems.Contains(element.Name.LocalName, StringComparer.Ordinal)
            && (element.Attribute("Version") ?? element.Attribute("VersionOverride")) is not null
        select new Finding(
            project.Path, ((System.Xml.IXmlLineInfo)element).LineNumber,
            $"the version of {(string?)element.Attribute("Include")} belongs into Directory.Packages.props");

    public static IEnumerable<Finding> Solution(SourceFile solution, IReadOnlyCollection<string> projects)
    {
        var listed = XDocument.Parse(solution.Text)
            .Descendants("Project").Select(p => (string?)p.Attribute("Path") ?? "").ToList();
        return projects.Except(listed, StringComparer.Ordinal)
            .Select(p => new Finding(p, 0, $"is not in {solution.Path}"))
            .Concat(listed.Except(projects, StringComparer.Ordinal)
                .Select(p => new Finding(solution.Path, 0, $"names {p}, which does not exist")));
    }
}
