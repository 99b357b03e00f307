namespace Matriarch.Tidy;

/// <summary>
/// The files of this clone: those of the layout, neither what is built from them nor what a cluster left behind.
/// </summary>
internal static class Repository
{
    private static readonly string[] Folders = ["src", "tests", "docs", "bench", "deploy", "models", "build", ".ci",
        ".github"];

    private static readonly string[] NotOurs = ["bin", "obj", "artifacts", "node_modules", "TestResults"];

    /// <summary>Absolute: the nearest folder above this program that has Matriarch.slnx.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Every text file.</summary>
    public static IReadOnlyList<SourceFile> Files { get; } =
    [
        .. Directory.EnumerateFiles(Root)
            .Concat(Folders.Select(f => Path.Combine(Root, f)).Where(Directory.Exists).SelectMany(FilesBelow))
            .Order(StringComparer.Ordinal)
            .Select(Read)
            .OfType<SourceFile>(),
    ];

    public static IReadOnlyList<SourceFile> CSharp { get; } = [.. Files.Where(f => f.IsCSharp)];

    public static IReadOnlyList<SourceFile> Projects { get; } = [.. Files.Where(f => f.Extension == ".csproj")];

    public static IReadOnlyList<SourceFile> Documents { get; } = [.. Files.Where(f => f.Extension == ".md")];

    /// <summary>Whether the clone has this file or folder.</summary>
    /// <param name="path">Relative to the root.</param>
    public static bool Has(string path) => Path.Exists(Path.Combine(Root, path));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Matriarch.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException(
                "These tests read the clone that they were built in");
        }

        return folder.FullName;
    }

    private static IEnumerable<string> FilesBelow(string folder) =>
        Directory.EnumerateFiles(folder).Concat(
            Directory.EnumerateDirectories(folder)
                .Where(d => !NotOurs.Contains(Path.GetFileName(d), StringComparer.Ordinal))
                .SelectMany(FilesBelow));

    private static SourceFile? Read(string path)
    {
        var text = File.ReadAllText(path);
        return text.Contains('\0', StringComparison.Ordinal) ? null : new(Path.GetRelativePath(Root, path), text);
    }
}
