using Matriarch.TestKit;

namespace Matriarch.Compatibility;

/// <summary>Scripts of psql, by topic: what psql prints is what a user sees.</summary>
public sealed class PsqlTests(TwoSides sides)
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Scripts");

    /// <summary>The names of the files, without .sql.</summary>
    public static TheoryData<string> Scripts =>
        [.. Directory.EnumerateFiles(Folder, "*.sql").Select(f => Path.GetFileNameWithoutExtension(f))
            .Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Scripts))]
    public Task A_script_prints_the_same(string script) =>
        Differential.AssertSameAsync(sides, $"psql/{script}", side => ToolRun.RunAsync(
            side, Path.Combine(Folder, script + ".sql"), $"{OwnedPostgres.BinDirectory}/psql", "-X", "-a", "-q"));
}
