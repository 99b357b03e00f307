using System.Globalization;

namespace Matriarch.Topology;

/// <summary>Making a new file, and setting a damaged one aside.</summary>
internal sealed partial class EmbeddedFile
{
    /// <summary>Damaged files that are kept for a person to look at; older ones are removed.</summary>
    private const int KeptAside = 3;

    private void CreateFile()
    {
        File.Delete(path + "-wal");
        File.Delete(path + "-shm");
        File.Delete(path + "-journal");
        var unfinished = path + "-new";
        File.Delete(unfinished);
        File.Delete(unfinished + "-journal");

        // SQLite gives its companions the mode of the main file, so it is made before SQLite sees it.
        new FileStream(unfinished, new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly,
        }).Dispose();
        using (var connection = Connect(unfinished))
        {
            EmbeddedSql.Execute(connection, string.Create(
                CultureInfo.InvariantCulture,
                $"""
                BEGIN;
                {Schema}
                INSERT INTO store VALUES (1, {RandomDistance()}, 0);
                PRAGMA application_id = {ApplicationId};
                PRAGMA user_version = {SchemaVersion};
                COMMIT;
                """));
        }

        File.Move(unfinished, path, overwrite: true);
    }

    /// <summary>
    /// Renames the damaged file; its log goes with it, under the name by which SQLite would find it.
    /// </summary>
    private void SetAside(string why)
    {
        var aside = path + time.GetUtcNow().UtcDateTime.ToString(
            "'.damaged-'yyyyMMdd'T'HHmmssfff", CultureInfo.InvariantCulture);
        File.Move(path, aside, overwrite: true);
        if (File.Exists(path + "-wal"))
        {
            File.Move(path + "-wal", aside + "-wal", overwrite: true);
        }

        File.Delete(path + "-shm");
        setAside?.Invoke(aside, why);
        var directory = System.IO.Path.GetDirectoryName(path)!;
        var kept = Directory.GetFiles(directory, System.IO.Path.GetFileName(path) + ".damaged-*")
            .Where(f => !f.EndsWith("-wal", StringComparison.Ordinal))
            .OrderDescending(StringComparer.Ordinal);
        foreach (var old in kept.Skip(KeptAside))
        {
            File.Delete(old);
            File.Delete(old + "-wal");
        }
    }

    /// <summary>The content of the file is not, or no longer, that of a store.</summary>
    private sealed class DamagedException(string message, Exception? cause) : Exception(message, cause);
}
