using System.Globalization;
using Matriarch.Core;

namespace Matriarch.Postgres;

/// <summary>
/// The data directory as files: what is in it, and the crash-safe ways in which it comes to be and is replaced.
/// </summary>
/// <remarks>
/// A directory is always made under another name and renamed when it is complete and on disk:
/// data.init → data for a new instance; data.copy → data.new → data for a copy, with data → data.old between the last
/// two. The name data.new therefore proves completeness, and <see cref="Recover"/> can finish or undo whatever a crash
/// interrupted.
/// </remarks>
internal sealed class DataDirectory(PostgresInstallation installation, ServerPaths paths, OsUser user,
    TimeProvider time)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Creates the node directory, clears leftovers, and checks that the OS user reaches it.</summary>
    /// <param name="isStopped">No server runs here, so its files may be touched.</param>
    /// <param name="cancellation">Ends the check.</param>
    /// <exception cref="UserException">It cannot be made or reached.</exception>
    public async Task PrepareAsync(bool isStopped, CancellationToken cancellation)
    {
        try
        {
            if (!Directory.Exists(paths.NodeDirectory))
            {
                Directory.CreateDirectory(paths.NodeDirectory, OwnerOnly);
                user.Own(paths.NodeDirectory);
            }

            if (isStopped)
            {
                await InitHook.EndLeftoverAsync(paths.DataInit, time);
                Recover();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException(
                $"The node directory {paths.NodeDirectory} cannot be used: {e.Message}",
                "Make it writable, or set node.directory to another one.", cause: e);
        }

        await RequireAccessAsync(cancellation);
    }

    private async Task RequireAccessAsync(CancellationToken cancellation)
    {
        var ancestors = new List<string>();
        for (var path = paths.NodeDirectory; path is not null; path = Path.GetDirectoryName(path))
        {
            ancestors.Insert(0, path);
        }

        const string Script = """
            for d in "$@"; do [ -x "$d" ] || { echo "$d"; exit 1; }; done; [ -w "$d" ] || { echo "$d"; exit 2; }
            """;
        var result = await ProgramRun.ExecuteAsync(
            new ProgramRun.Request("/bin/sh", ["-c", Script, "sh", .. ancestors],
                TimeSpan.FromSeconds(10)) { User = user },
            time, cancellation);
        var component = result.StandardOutput.Trim();
        if (result.ExitCode == 1 && component.Length > 0)
        {
            throw new UserException(
                $"The user {user.Name}, who runs PostgreSQL, cannot enter {component}",
                $"Allow it (chmod o+x {component}), or use a directory elsewhere, for example under /var/lib.");
        }

        if (!result.IsSuccess)
        {
            throw new UserException(
                $"The user {user.Name}, who runs PostgreSQL, cannot write in {paths.NodeDirectory}",
                $"Give it to that user (chown {user.Name} {paths.NodeDirectory}).");
        }
    }

    /// <summary>Finishes a complete copy, and removes what an incomplete one or an unfinished initdb left.</summary>
    public void Recover()
    {
        RemoveTree(paths.DataInit);
        RemoveTree(paths.DataCopy);
        foreach (var file in Directory.EnumerateFiles(paths.NodeDirectory, ServerPaths.ToolPassfilePrefix + "*"))
        {
            File.Delete(file);
        }

        File.Delete(paths.InitialPassword);
        if (Directory.Exists(paths.DataNew))
        {
            // Complete: the crash was in the middle of the swap.
            FinishSwap();
        }
        else if (Directory.Exists(paths.DataOld) && Directory.Exists(paths.Data))
        {
            RemoveTree(paths.DataOld);
        }
    }

    /// <summary>Puts the complete copy in the place of the data. The server must be stopped.</summary>
    public void SwapIn()
    {
        DurableFile.MoveDirectory(paths.DataCopy, paths.DataNew);
        FinishSwap();
    }

    private void FinishSwap()
    {
        if (Directory.Exists(paths.Data))
        {
            RemoveTree(paths.DataOld);
            DurableFile.MoveDirectory(paths.Data, paths.DataOld);
        }

        // The sentinels speak of the old data, which is no longer in place from here on.
        DurableFile.Delete(paths.Rewinding);
        DurableFile.Delete(paths.Rewound);
        DurableFile.MoveDirectory(paths.DataNew, paths.Data);
        RemoveTree(paths.DataOld);
    }

    /// <summary>Reads what is there.</summary>
    public async Task<DataDirectoryState> InspectAsync(CancellationToken cancellation)
    {
        if (!Directory.Exists(paths.Data))
        {
            return Directory.Exists(paths.DataOld)
                ? new DataDirectoryState.Unusable($"there is {paths.DataOld} but no {paths.Data}", Control: null)
                : new DataDirectoryState.Absent();
        }

        try
        {
            if (!Directory.EnumerateFileSystemEntries(paths.Data).Any())
            {
                return new DataDirectoryState.Absent();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new DataDirectoryState.Unusable($"{paths.Data} cannot be read: {e.Message}", Control: null);
        }

        var (control, problem) = await ReadControlAsync(paths.Data, cancellation);
        if (File.Exists(paths.Rewinding))
        {
            return new DataDirectoryState.Unusable("a rewind was interrupted or failed; a fresh copy is needed",
                control);
        }

        return control is null || problem is not null
            ? new DataDirectoryState.Unusable(problem ?? "its control file cannot be read", control)
            : new DataDirectoryState.Present(control);
    }

    /// <summary>The control data of any data directory of this major version, or what is wrong with it.</summary>
    public async Task<(ControlData? Control, string? Problem)> ReadControlAsync(string data,
        CancellationToken cancellation)
    {
        var version = ReadMajorVersion(data);
        if (version != installation.MajorVersion)
        {
            return (null, version is null
                ? $"{data} is not a PostgreSQL data directory"
                : $"{data} was made by PostgreSQL {version}, but {installation.MajorVersion} is installed");
        }

        var result = await ProgramRun.ExecuteAsync(
            new ProgramRun.Request(installation.Program("pg_controldata"), ["-D", data], TimeSpan.FromSeconds(10))
            {
                User = user,
            },
            time, cancellation);
        if (!result.IsSuccess || result.StandardOutput.Contains("CRC checksum does not match", StringComparison.Ordinal)
            || result.StandardError.Contains("CRC checksum does not match", StringComparison.Ordinal))
        {
            return (null, $"the control file of {data} cannot be read: {result.FirstLine}");
        }

        try
        {
            return (ControlData.Parse(result.StandardOutput), null);
        }
        catch (FormatException e)
        {
            return (null, e.Message);
        }
    }

    private static int? ReadMajorVersion(string data)
    {
        try
        {
            var text = File.ReadAllText(Path.Combine(data, "PG_VERSION")).Trim();
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var major) ? major : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Marks the data as unfit to start, durably, before the first byte of it changes.</summary>
    public void BeginRewind(WalPosition before)
    {
        // A second rewind before the node has caught up must not forget the further position.
        var earlier = ReadRewound();
        var position = earlier is { } known && known > before ? known : before;
        DurableFile.Replace(paths.Rewinding, $"{position}\n", user);
    }

    /// <summary>The rewind is complete: the data may start, but the node does not count yet.</summary>
    public void EndRewind()
    {
        File.Move(paths.Rewinding, paths.Rewound, overwrite: true);
        Posix.SyncDirectory(paths.NodeDirectory);
    }

    /// <summary>The position before the latest rewind; null when there was none or it was forgotten.</summary>
    public WalPosition? ReadRewound()
    {
        if (!File.Exists(paths.Rewound))
        {
            return null;
        }

        var fields = File.ReadAllText(paths.Rewound).Trim().Split(':');
        return fields.Length == 2
            && uint.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out var timeline)
            && Lsn.TryParse(fields[1], out var lsn)
            ? new WalPosition(new Timeline(timeline), lsn)
            // Unreadable: the node must not count, and no position is past this one.
            : new WalPosition(new Timeline(uint.MaxValue), new Lsn(ulong.MaxValue));
    }

    /// <summary>
    /// Removes history files without content, which a promotion's restore_command made: one that stayed would be taken
    /// for an ancestry of nobody.
    /// </summary>
    public void RemoveEmptyHistories()
    {
        if (!Directory.Exists(paths.PgWal))
        {
            return;
        }

        foreach (var file in Directory.EnumerateFiles(paths.PgWal))
        {
            var name = Path.GetFileName(file);
            if ((name.EndsWith(".history", StringComparison.Ordinal) || name == "RECOVERYHISTORY")
                && new FileInfo(file).Length == 0)
            {
                File.Delete(file);
            }
        }
    }

    /// <summary>The history of a timeline from the own pg_wal; null when there is no file for it.</summary>
    /// <exception cref="FormatException">There is one, but it is unreadable.</exception>
    public TimelineHistory? ReadHistory(Timeline timeline)
    {
        var path = Path.Combine(paths.PgWal, TimelineHistory.FileName(timeline));
        return File.Exists(path) ? TimelineHistory.Parse(timeline, File.ReadAllText(path)) : null;
    }

    /// <summary>Removes a directory with all that is in it; links inside are removed, not followed.</summary>
    public static void RemoveTree(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }
}
