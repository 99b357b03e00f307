using System.Globalization;
using System.Text.RegularExpressions;
using Matriarch.Core;

namespace Matriarch.Postgres;

/// <summary>The PostgreSQL programs of one version on this machine.</summary>
/// <param name="BinDirectory">Where initdb, postgres, pg_basebackup, pg_controldata and pg_rewind are.</param>
/// <param name="MajorVersion">14 to 18.</param>
/// <param name="VersionText">As printed, for example "15.14".</param>
public sealed partial record PostgresInstallation(string BinDirectory, int MajorVersion, string VersionText)
{
    /// <summary>The oldest major version that works.</summary>
    public const int OldestMajorVersion = 14;

    /// <summary>The newest major version that is known to work.</summary>
    public const int NewestMajorVersion = 18;

    private const string SystemDirectory = "/usr/lib/postgresql";

    private static readonly string[] NeededPrograms = ["initdb", "postgres", "pg_basebackup", "pg_controldata",
        "pg_rewind"];

    /// <summary>Full path of a program.</summary>
    internal string Program(string name) => Path.Combine(BinDirectory, name);

    /// <summary>
    /// Finds PostgreSQL: the given directory, else the newest supported one under /usr/lib/postgresql, else PATH.
    /// </summary>
    /// <param name="binDirectory">postgres.bin-directory; empty to search.</param>
    /// <param name="time">Bounds how long "postgres --version" may take.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="UserException">There is none, it is incomplete, or its version is not supported.</exception>
    public static async Task<PostgresInstallation> FindAsync(
        string binDirectory, TimeProvider time, CancellationToken cancellation)
    {
        var directory = Locate(binDirectory);
        foreach (var program in NeededPrograms)
        {
            if (!File.Exists(Path.Combine(directory, program)))
            {
                throw new UserException(
                    $"{directory} does not contain the PostgreSQL program {program}",
                    "Install the whole PostgreSQL server and client package, or set postgres.bin-directory.");
            }
        }

        var result = await ProgramRun.ExecuteAsync(
            new ProgramRun.Request(Path.Combine(directory, "postgres"), ["--version"], TimeSpan.FromSeconds(10)),
            time, cancellation);
        var match = VersionPattern().Match(result.StandardOutput);
        if (result.ExitCode != 0 || !match.Success)
        {
            throw new UserException(
                $"{directory}/postgres does not run: {result.FirstLine}",
                "Repair the PostgreSQL installation, or set postgres.bin-directory to another one.");
        }

        var major = int.Parse(match.Groups[2].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
        return major is >= OldestMajorVersion and <= NewestMajorVersion
            ? new PostgresInstallation(directory, major, match.Groups[1].Value)
            : throw new UserException(
                $"PostgreSQL {match.Groups[1].Value} in {directory} is not supported",
                $"Install a version from {OldestMajorVersion} to {NewestMajorVersion}, "
                + "and set postgres.bin-directory to it.");
    }

    private static string Locate(string binDirectory)
    {
        if (binDirectory.Length > 0)
        {
            return Directory.Exists(binDirectory)
                ? Path.GetFullPath(binDirectory)
                : throw new UserException(
                    $"postgres.bin-directory {binDirectory} does not exist",
                        "Set it to the directory that contains initdb.");
        }

        if (Directory.Exists(SystemDirectory))
        {
            var newest = Directory.EnumerateDirectories(SystemDirectory)
                .Select(d => (Path: Path.Combine(d, "bin"), Major: MajorOf(Path.GetFileName(d))))
                .Where(d => d.Major is >= OldestMajorVersion and <= NewestMajorVersion
                    && File.Exists(Path.Combine(d.Path, "postgres")))
                .OrderByDescending(d => d.Major)
                .Select(d => d.Path)
                .FirstOrDefault();
            if (newest is not null)
            {
                return newest;
            }
        }

        foreach (var directory in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'))
        {
            if (directory.StartsWith('/') && File.Exists(Path.Combine(directory, "postgres")))
            {
                return directory;
            }
        }

        throw new UserException(
            "PostgreSQL is not installed",
            $"Install a version from {OldestMajorVersion} to {NewestMajorVersion} "
            + "(Debian: apt-get install postgresql), or set postgres.bin-directory.");
    }

    private static int MajorOf(string name) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var major) ? major : 0;

    [GeneratedRegex(@"\(PostgreSQL\) ((\d+)\S*)", RegexOptions.CultureInvariant)]
    private static partial Regex VersionPattern();
}
