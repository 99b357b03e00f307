using System.Text;

namespace Matriarch.Postgres;

/// <summary>Files that are there whole and on disk when the call returns, or not changed at all.</summary>
public static class DurableFile
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>
    /// Writes beside, syncs, renames, and syncs the directory. Mode 0600, owned by this process's user.
    /// </summary>
    /// <exception cref="IOException">Disk full, and the like; the old content is still there.</exception>
    public static void Replace(string path, string content) => Replace(path, content, null);

    /// <summary>
    /// Writes beside, syncs, gives the file to the user, renames, and syncs the directory. Mode 0600.
    /// </summary>
    /// <exception cref="IOException">Disk full, and the like; the old content is still there.</exception>
    internal static void Replace(string path, string content, OsUser? owner)
    {
        Write(path, content, owner, isSynced: true);
        Posix.SyncDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>
    /// The same without any sync: whoever reads it sees it whole, but a crash of the machine may lose it, or leave it
    /// empty. For what is written anew before anybody reads it after such a crash.
    /// </summary>
    /// <exception cref="IOException">Disk full, and the like; the old content is still there.</exception>
    internal static void ReplaceUnsynced(string path, string content, OsUser? owner) =>
        Write(path, content, owner, isSynced: false);

    private static void Write(string path, string content, OsUser? owner, bool isSynced)
    {
        var temporary = path + ".new";
        File.Delete(temporary);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = Private,
        };
        using (var stream = new FileStream(temporary, options))
        {
            stream.Write(Encoding.UTF8.GetBytes(content));
            stream.Flush(flushToDisk: isSynced);
        }

        owner?.Own(temporary);
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Renames within a directory, durably.</summary>
    public static void MoveDirectory(string from, string to)
    {
        Directory.Move(from, to);
        Posix.SyncDirectory(Path.GetDirectoryName(to)!);
    }

    /// <summary>Removes a file, durably; nothing happens when it is not there.</summary>
    public static void Delete(string path)
    {
        if (File.Exists(path))
        {
            File.Delete(path);
            Posix.SyncDirectory(Path.GetDirectoryName(path)!);
        }
    }
}
