using System.Globalization;
using Matriarch.Client;

namespace Matriarch.Cli;

/// <summary>Remembers a process in <c>run/NAME.pid</c>: id, start time and boot, one a line.</summary>
internal static class PidFile
{
    /// <summary>Writes it so that a reader sees the old content or the new, never half.</summary>
    public static void Write(string path, ProcessIdentity process)
    {
        var beside = path + ".new";
        File.WriteAllText(
            beside,
            string.Create(CultureInfo.InvariantCulture, $"{process.Pid}\n{process.StartTicks}\n{process.Boot}\n"));
        File.Move(beside, path, overwrite: true);
    }

    /// <summary>The remembered process if that very one still runs; null otherwise.</summary>
    public static ProcessIdentity? FindRunning(ClusterPaths paths, string process) =>
        FindRunning(paths.PidFile(process));

    /// <summary>The remembered process if that very one still runs; null otherwise.</summary>
    public static ProcessIdentity? FindRunning(string path)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        return lines.Length >= 3
               && int.TryParse(lines[0], NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
               && long.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out var start)
               && new ProcessIdentity(pid, start, lines[2]) is { IsAlive: true } process
            ? process
            : null;
    }
}
