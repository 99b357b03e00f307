using System.Globalization;
using System.Text.RegularExpressions;
using Matriarch.Core;

namespace Matriarch.Postgres;

/// <summary>
/// Logical slots as files of a stopped server. What a running one has on its disk says nothing: it knows its slots, and
/// reads these files only when it starts.
/// </summary>
internal sealed partial class SlotFiles(ServerPaths paths, OsUser user)
{
    /// <summary>
    /// Slots of all kinds that may be in a data directory before none is added: a server with more than
    /// max_replication_slots (64) does not start, and followers need theirs.
    /// </summary>
    public const int MostSlots = 56;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private string Slots => Path.Combine(paths.Data, "pg_replslot");

    private string Snapshots => Path.Combine(paths.Data, "pg_logical", "snapshots");

    /// <summary>Whether the name can be one of a slot, and so of a directory.</summary>
    public static bool IsName(string name) => NamePattern().IsMatch(name);

    /// <summary>The file of the snapshot that was serialized at a position (SnapBuildSerialize).</summary>
    public static string SnapshotName(Lsn lsn) =>
        string.Create(CultureInfo.InvariantCulture, $"{lsn.Value >> 32:X}-{lsn.Value & 0xFFFFFFFF:X}.snap");

    /// <summary>Whether the slot has a directory.</summary>
    public bool Has(string name) => Directory.Exists(Path.Combine(Slots, name));

    /// <summary>Whether WAL from this position on is still here, on whichever timeline.</summary>
    public bool HasWal(Lsn from, long segmentBytes)
    {
        if (!Directory.Exists(paths.PgWal))
        {
            return false;
        }

        var number = from.Value / (ulong)segmentBytes;
        var perLog = 0x1_0000_0000UL / (ulong)segmentBytes;
        var suffix = string.Create(CultureInfo.InvariantCulture, $"{number / perLog:X8}{number % perLog:X8}");
        return Directory.EnumerateFiles(paths.PgWal, "*" + suffix)
            .Any(f => Path.GetFileName(f).Length == 24);
    }

    /// <summary>
    /// Puts the slots where they are missing. A crash leaves each whole or not at all: the snapshot comes first, and a
    /// directory that still ends in .tmp is removed by PostgreSQL.
    /// </summary>
    /// <returns>The names of those that were not there before.</returns>
    /// <exception cref="IOException">Disk full, and the like.</exception>
    public IReadOnlyList<string> Install(IEnumerable<SlotCopy> copies)
    {
        var installed = new List<string>();
        if (!Directory.Exists(Slots))
        {
            return installed;
        }

        var room = MostSlots - Directory.EnumerateDirectories(Slots).Count();
        foreach (var copy in copies.Where(c => IsName(c.Name) && !Has(c.Name)).Take(Math.Max(0, room)))
        {
            if (copy.Snapshot is { } snapshot)
            {
                // One that is here already says the same: it follows from the WAL before it.
                var file = Path.Combine(Snapshots, SnapshotName(copy.RestartLsn));
                if (!File.Exists(file))
                {
                    Write(file, snapshot.Span);
                    Posix.SyncDirectory(Snapshots);
                }
            }

            var directory = Path.Combine(Slots, copy.Name);
            var temporary = directory + ".tmp";
            DataDirectory.RemoveTree(temporary);
            Directory.CreateDirectory(temporary, OwnerOnly);
            user.Own(temporary);
            Write(Path.Combine(temporary, "state"), copy.State.Span);
            Posix.SyncDirectory(temporary);
            DurableFile.MoveDirectory(temporary, directory);
            installed.Add(copy.Name);
        }

        return installed;
    }

    /// <summary>Takes slots away again, of a server that did not start with them.</summary>
    public void Remove(IEnumerable<string> names)
    {
        foreach (var name in names.Where(IsName))
        {
            DataDirectory.RemoveTree(Path.Combine(Slots, name));
        }

        Posix.SyncDirectory(Slots);
    }

    private void Write(string path, ReadOnlySpan<byte> content)
    {
        var temporary = path + ".matriarch";
        File.Delete(temporary);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using (var stream = new FileStream(temporary, options))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }

        user.Own(temporary);
        File.Move(temporary, path, overwrite: true);
    }

    [GeneratedRegex(@"\A[a-z0-9_]{1,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}
