using System.Globalization;

namespace Matriarch.Postgres;

/// <summary>What /proc and postmaster.pid tell of the processes of one data directory.</summary>
internal sealed class PostmasterProcess(string data)
{
    /// <summary>Those of a node's data directory.</summary>
    public PostmasterProcess(ServerPaths paths)
        : this(paths.Data)
    {
    }

    /// <param name="Pid">As written by the postmaster.</param>
    /// <param name="Status">starting, stopping, ready, standby; empty while not written yet.</param>
    public readonly record struct PidFile(int Pid, string Status);

    /// <summary>The pid file; null when there is none or it is not written yet.</summary>
    public PidFile? ReadPidFile()
    {
        try
        {
            var lines = File.ReadAllLines(Path.Combine(data, "postmaster.pid"));
            return lines.Length > 0 && TryParsePid(lines[0], out var pid)
                ? new PidFile(pid, lines.Length > 7 ? lines[7].Trim() : "")
                : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The live postmaster of the data directory; null when there is none, whatever the pid file
    /// says.</summary>
    public int? FindLive() => ReadPidFile() is { } file && IsPostmaster(file.Pid) ? file.Pid : null;

    /// <summary>
    /// Whether the process is a postmaster of this data directory and alive. A process id alone proves nothing: it may
    /// be a zombie, or by now belong to another program or to a postmaster of another directory.
    /// </summary>
    public bool IsPostmaster(int pid) => IsOurs(pid)
        && !ReadTitle(pid).StartsWith("postgres: ", StringComparison.Ordinal);

    /// <summary>Every live process of the data directory.</summary>
    public IReadOnlyList<int> FindAll()
    {
        var all = new List<int>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (TryParsePid(Path.GetFileName(directory), out var pid) && IsOurs(pid))
            {
                all.Add(pid);
            }
        }

        return all;
    }

    /// <summary>The WAL receiver processes, from their titles; seen even before they can be seen from SQL.</summary>
    public IReadOnlyList<int> FindWalReceivers() =>
        [.. FindAll().Where(pid => ReadTitle(pid).Contains("walreceiver", StringComparison.Ordinal))];

    private bool IsOurs(int pid)
    {
        var proc = $"/proc/{pid.ToString(CultureInfo.InvariantCulture)}";
        try
        {
            return ReadAll(proc + "/comm").Trim() is "postgres" or "postmaster"
                && !IsZombie(ReadAll(proc + "/stat"))
                && new FileInfo(proc + "/cwd").LinkTarget == data;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended while we looked, or it belongs to another user, who is not the one that runs our server.
            return false;
        }
    }

    // "pid (name) state …": the name may contain anything, so the state is behind the last parenthesis.
    private static bool IsZombie(string stat)
    {
        var end = stat.LastIndexOf(')');
        return end < 0 || end + 2 >= stat.Length || stat[end + 2] is 'Z' or 'X';
    }

    /// <summary>Whether there is such a process and it has not ended; nothing about whose it is.</summary>
    public static bool IsAlive(int pid)
    {
        try
        {
            return !IsZombie(ReadAll($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/stat"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string ReadTitle(int pid)
    {
        try
        {
            return ReadAll($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/cmdline");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static string ReadAll(string path) => File.ReadAllText(path);

    private static bool TryParsePid(string text, out int pid) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out pid) && pid > 1;
}
