using System.Globalization;
using Matriarch.Core;

namespace Matriarch.TestKit;

/// <summary>PostgreSQL as Debian installs it: the newest version that is there, for every system the same.</summary>
internal static class PostgresPrograms
{
    private const string Installed = "/usr/lib/postgresql";

    /// <summary>The directory of its programs.</summary>
    public static string Directory { get; } = Find();

    /// <summary>What the server says that it is.</summary>
    public static async Task<string> VersionAsync() =>
        (await Command.RunAsync(Path.Combine(Directory, "postgres"), "--version")).Trim();

    private static string Find() =>
        (System.IO.Directory.Exists(Installed) ? System.IO.Directory.GetDirectories(Installed) : [])
        .Select(d => (Path: Path.Combine(d, "bin"), Major: MajorOf(d)))
        .Where(d => File.Exists(Path.Combine(d.Path, "postgres")))
        .OrderByDescending(d => d.Major)
        .Select(d => d.Path)
        .FirstOrDefault()
        ?? throw new UserException(
            $"there is no PostgreSQL in {Installed}", "install it (Debian: apt-get install postgresql)");

    private static int MajorOf(string directory) => int.TryParse(
        Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var major) ? major : 0;
}
