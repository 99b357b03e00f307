using System.Globalization;

namespace Matriarch.Cli;

/// <summary>Finds the PostgreSQL server of a data directory, also when no agent leads it.</summary>
internal static class LocalPostmaster
{
    /// <summary>
    /// The server that runs on this data directory. <c>postmaster.pid</c> may be left from a crash and its number be
    /// another process by now, so the process must also have the data directory as its working directory, as every
    /// postmaster has.
    /// </summary>
    public static ProcessIdentity? Find(string dataDirectory)
    {
        try
        {
            var first = File.ReadLines(Path.Combine(dataDirectory, "postmaster.pid")).FirstOrDefault();
            return int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                   && ProcessIdentity.Of(pid) is { } process
                   && string.Equals(WorkingDirectory(pid), Path.GetFullPath(dataDirectory), StringComparison.Ordinal)
                ? process
                : null;
        }
        catch (Exception e) when (
            e is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? WorkingDirectory(int pid)
    {
        var link = new FileInfo(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/cwd"));
        return link.LinkTarget;
    }
}
