using System.Globalization;
using System.Security.Cryptography;
using Matriarch.Core;
using Microsoft.Data.Sqlite;

namespace Matriarch.Topology;

/// <summary>
/// Opens and creates the SQLite file that several processes share. The file may be deleted, moved away or replaced
/// while they run, and SQLite finds its companions (<c>-wal</c>, <c>-shm</c>) by name only: the log of a vanished file
/// would be replayed into the one that took its place. Hence every opening happens under an exclusive lock
/// (<c>-lock</c>, flock), in which the identities of the file and of its log are written down:
/// <list type="number">
/// <item>The file is missing: a log that lies there belongs to nothing and is removed; the new file is made under
/// another name and renamed, so that nobody ever sees half a store.</item>
/// <item>Another file than the one written down: a log that belonged to the old one is removed, a log that came with
/// the new one is kept. The revision jumps by a random distance, so that no version of before is given again (no ABA
/// after a restore).</item>
/// <item>The same file: nothing to do.</item>
/// <item>A damaged file where a store of ours has been before (the lock file knows): it is set aside under another name
/// and a new one is made; the running agents publish into it. A file that need not be ours is left alone.</item>
/// </list>
/// </summary>
internal sealed partial class EmbeddedFile(string path, TimeProvider time, Action<string, string>? setAside = null)
{
    private const int ApplicationId = 0x4D545243; // "MTRC", PRAGMA application_id
    private const int SchemaVersion = 1;
    private const int NotADatabase = 26;
    private const int Corrupt = 11;
    private const int ShortRead = 522; // SQLITE_IOERR_SHORT_READ: pages that should be there are not

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LockRetry = TimeSpan.FromMilliseconds(5);

    private const string Schema =
        """
        CREATE TABLE store (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            revision INTEGER NOT NULL,         -- of the last write, whatever the key
            last_deletion INTEGER NOT NULL);   -- revision of the last delete; 0 = never
        CREATE TABLE entries (
            cluster TEXT NOT NULL,
            key TEXT NOT NULL,
            version INTEGER NOT NULL,          -- the revision that wrote it
            value TEXT NOT NULL,
            PRIMARY KEY (cluster, key)) WITHOUT ROWID;
        CREATE INDEX entries_by_version ON entries (cluster, version);
        """;

    static EmbeddedFile() => SQLitePCL.Batteries_V2.Init();

    public string Path => path;

    /// <summary>The file that is there now; null when there is none.</summary>
    public FileIdentity? CurrentIdentity() => FileIdentity.Of(path);

    /// <summary>Whether an error says that the content is damaged.</summary>
    public static bool IsDamage(Exception e) => e is SqliteException s
        && (s.SqliteErrorCode is NotADatabase or Corrupt || s.SqliteExtendedErrorCode == ShortRead);

    /// <summary>Opens the file, creating it first if it is missing and may be created.</summary>
    /// <param name="mayCreate">Whether a missing file is made.</param>
    /// <param name="cancellation">Ends the wait for other openings.</param>
    /// <param name="isSuspect">It has been found damaged in use: it is looked at more closely.</param>
    /// <exception cref="UserException">Damaged, foreign, of a newer version, or not accessible.</exception>
    /// <exception cref="StoreUnavailableException">Missing, locked or not readable now.</exception>
    public async Task<(SqliteConnection Connection, FileIdentity Identity)> OpenAsync(
        bool mayCreate, CancellationToken cancellation, bool isSuspect = false)
    {
        await using var gate = await LockAsync(cancellation);
        var (recordedFile, recordedLog) = await ReadRecordAsync(gate, cancellation);
        try
        {
            return await OpenAsync(gate, recordedFile, recordedLog, mayCreate, isSuspect, cancellation);
        }
        catch (DamagedException e) when (recordedFile is not null)
        {
            SetAside(e.Message);
            return await OpenAsync(gate, null, null, mayCreate: true, isSuspect: false, cancellation);
        }
        catch (DamagedException e)
        {
            throw new UserException(
                e.Message,
                "Move it away: the running agents publish into a new one. Or correct topology.store.", cause: e);
        }
    }

    private async Task<(SqliteConnection Connection, FileIdentity Identity)> OpenAsync(
        FileStream gate, FileIdentity? recordedFile, FileIdentity? recordedLog, bool mayCreate, bool isSuspect,
        CancellationToken cancellation)
    {
        SqliteConnection? connection = null;
        try
        {
            var found = CurrentIdentity();
            if (found is null && !mayCreate)
            {
                throw new StoreUnavailableException($"{path} is missing");
            }

            if (found is null)
            {
                CreateFile();
            }
            else if (recordedFile is not null && recordedFile != found)
            {
                DropStaleCompanions(recordedLog);
            }

            var identity = CurrentIdentity()
                ?? throw new StoreUnavailableException($"{path} vanished while it was opened");
            connection = Connect(path);
            Check(connection, isSuspect);
            Configure(connection);
            if (found is not null && recordedFile != found)
            {
                JumpRevision(connection);
            }

            await WriteRecordAsync(gate, identity, cancellation);
            return (connection, identity);
        }
        catch (SqliteException e)
        {
            connection?.Dispose();
            throw Translate(e);
        }
        catch
        {
            connection?.Dispose();
            throw;
        }
    }

    private async Task<FileStream> LockAsync(CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path + "-lock", new FileStreamOptions
                {
                    Mode = FileMode.OpenOrCreate,
                    Access = FileAccess.ReadWrite,
                    Share = FileShare.None,
                    UnixCreateMode = OwnerOnly,
                });
            }
            catch (DirectoryNotFoundException e)
            {
                throw new UserException(
                    $"the directory of the topology store {path} does not exist",
                    "Create it, or correct topology.store.",
                    cause: e);
            }
            catch (UnauthorizedAccessException e)
            {
                throw new UserException(
                    $"the topology store {path} may not be opened by this user",
                    "Run as the user that owns it, or correct its permissions.", cause: e);
            }
            catch (IOException e) when (time.GetElapsedTime(started) > LockPatience)
            {
                throw new StoreUnavailableException($"{path}-lock has been held for {LockPatience}: {e.Message}", e);
            }
            catch (IOException)
            {
                await Task.Delay(LockRetry, time, cancellation);
            }
        }
    }

    private static async Task<(FileIdentity? File, FileIdentity? Log)> ReadRecordAsync(
        FileStream gate, CancellationToken cancellation)
    {
        var buffer = new byte[256];
        var length = await gate.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        var words = System.Text.Encoding.ASCII.GetString(buffer, 0, length).Split(' ', '\n');
        return words.Length >= 2
            ? (FileIdentity.TryParse(words[0]), FileIdentity.TryParse(words[1]))
            : (null, null);
    }

    private async Task WriteRecordAsync(FileStream gate, FileIdentity identity, CancellationToken cancellation)
    {
        var log = FileIdentity.OfMaybeEmpty(path + "-wal")?.ToString() ?? "-";
        gate.SetLength(0);
        gate.Position = 0;
        await gate.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"{identity} {log}\n"), cancellation);
        await gate.FlushAsync(cancellation);
    }

    private void DropStaleCompanions(FileIdentity? recordedLog)
    {
        if (recordedLog is not null && FileIdentity.OfMaybeEmpty(path + "-wal") == recordedLog)
        {
            File.Delete(path + "-wal");
        }

        // The index of a log is only a cache; SQLite builds it anew.
        File.Delete(path + "-shm");
    }

    private static SqliteConnection Connect(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
            DefaultTimeout = 1, // seconds; what comes after SQLite's own busy timeout
        }.ConnectionString);
        try
        {
            connection.Open();
            EmbeddedSql.Execute(connection, "PRAGMA busy_timeout = 2000");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void Check(SqliteConnection connection, bool isSuspect)
    {
        if (EmbeddedSql.Number(connection, "PRAGMA application_id") != ApplicationId)
        {
            throw new UserException(
                $"{path} is an SQLite file, but not a topology store of Matriarch", "Correct topology.store.");
        }

        if (EmbeddedSql.Number(connection, "PRAGMA user_version") is var version && version != SchemaVersion)
        {
            throw new UserException(
                $"{path} has store format {version}; this version of Matriarch knows format {SchemaVersion}",
                "Use the version of Matriarch that wrote it.");
        }

        var check = isSuspect ? "PRAGMA integrity_check(1)" : "PRAGMA quick_check(1)";
        if (EmbeddedSql.Text(connection, check) is var verdict && verdict != "ok")
        {
            throw Damaged(verdict, null);
        }
    }

    private void Configure(SqliteConnection connection)
    {
        if (EmbeddedSql.Text(connection, "PRAGMA journal_mode = WAL") is var mode && mode != "wal")
        {
            throw new StoreUnavailableException($"{path}: SQLite keeps journal mode {mode} instead of WAL");
        }

        EmbeddedSql.Execute(connection, "PRAGMA synchronous = FULL");

        // A first read opens the log, whose identity is written down next.
        EmbeddedSql.Number(connection, "SELECT revision FROM store");
        if ((File.GetUnixFileMode(path) & ~OwnerOnly) != UnixFileMode.None)
        {
            File.SetUnixFileMode(path, OwnerOnly);
        }
    }

    private static void JumpRevision(SqliteConnection connection) =>
        EmbeddedSql.Execute(connection, string.Create(
            CultureInfo.InvariantCulture, $"UPDATE store SET revision = revision + {RandomDistance()}"));

    // Up to 2^47: room for 65,000 restores in 63 bits, and next to no chance to meet a version of before.
    private static long RandomDistance() =>
        ((long)RandomNumberGenerator.GetInt32(1, int.MaxValue) << 16) + RandomNumberGenerator.GetInt32(1 << 16);

    private Exception Translate(SqliteException e) => IsDamage(e)
        ? Damaged(e.Message, e)
        : new StoreUnavailableException($"{path}: {e.Message}", e);

    private DamagedException Damaged(string detail, Exception? cause) => new(
        $"{path} is damaged or no topology store: {detail}", cause);
}
