namespace Matriarch.Tidy;

public sealed class ProjectTests
{
    [Fact]
    public void Package_versions_are_in_one_place() =>
        Verdict.Clean("Package versions are in Directory.Packages.props only.",
            Repository.Projects.SelectMany(ProjectRules.Versions));

    [Fact]
    public void Every_project_is_in_the_solution() =>
        Verdict.Clean(
            "Matriarch.slnx has every project.",
            ProjectRules.Solution(
                Repository.Files.Single(f => f.Path == "Matriarch.slnx"), Repository.Projects.Select(p => p.Path)
                    .ToHashSet(StringComparer.Ordinal)));

    [Fact]
    public void Every_subsystem_has_a_readme_of_a_page_that_names_its_entry_type() =>
        Verdict.Clean(
            "Each project in src has a README.md of at most 80 lines that names its entry type.",
            Repository.Projects.Where(p => p.IsProduct).SelectMany(project => DocumentRules.Readme(
                project.Folder,
                Repository.Files.SingleOrDefault(f => f.Path == $"{project.Folder}/README.md"),
                Repository.CSharp.Where(f => f.Project == project.Project)
                    .SelectMany(f => NamingRules.TopLevelTypes(f.Root))
                        .Select(NamingRules.NameOf).ToHashSet(StringComparer.Ordinal))));

    [Fact]
    public void The_benchmarks_have_a_readme_that_names_where_each_begins() =>
        Verdict.Clean(
            "bench has a README.md of at most 80 lines that names the entry type of each project.",
            Repository.Projects.Where(p => p.Folder.StartsWith("bench/", StringComparison.Ordinal)).SelectMany(
                project => DocumentRules.Readme(
                    "bench",
                    Repository.Files.SingleOrDefault(f => f.Path == "bench/README.md"),
                    Repository.CSharp.Where(f => f.Project == project.Project)
                        .SelectMany(f => NamingRules.TopLevelTypes(f.Root))
                        .Select(NamingRules.NameOf).ToHashSet(StringComparer.Ordinal))));

    [Theory]
    [InlineData("""<PackageReference Include="Npgsql" Version="10.0.0" />""")]
    [InlineData("""<PackageReference Include="Npgsql" VersionOverride="10.0.0" />""")]
    public void A_version_in_a_project_is_found(string item) =>
        Verdict.Finds("the version of Npgsql",
            ProjectRules.Versions(new("a.csproj", $"<Project><ItemGroup>{item}</ItemGroup></Project>")));

    [Fact]
    public void A_project_that_the_solution_lacks_is_found() =>
        Verdict.Finds("is not in a.slnx", ProjectRules.Solution(new("a.slnx", "<Solution />"), ["src/A/A.csproj"]));

    [Fact]
    public void A_project_that_only_the_solution_has_is_found() =>
        Verdict.Finds(
            "does not exist",
            ProjectRules.Solution(new("a.slnx", "<Solution><Project Path='src/A/A.csproj' /></Solution>"), []));

    [Theory]
    [InlineData(null, "has no README.md")]
    [InlineData("Entry type: `Gone`.", "names no existing type")]
    [InlineData("Begin with Engine.", "names no existing type")]
    public void A_readme_that_does_not_help_is_found(string? text, string words) => Verdict.Finds(words, Readme(text));

    [Fact]
    public void A_readme_of_more_than_a_page_is_found() =>
        Verdict.Finds("81 lines", Readme("Entry type: `Engine.StartAsync`." + new string('\n', 81)));

    private static IEnumerable<Finding> Readme(string? text) => DocumentRules.Readme(
        "src/A", text is null ? null
            : new("src/A/README.md", text), new HashSet<string>(StringComparer.Ordinal) { "Engine" });
}
