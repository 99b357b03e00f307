using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Matriarch.Topology;

/// <summary>The statements of the embedded store.</summary>
internal static class EmbeddedSql
{
    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public static long Number(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    public static string Text(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture) ?? "";
    }

    public static StoreEntry? Find(SqliteConnection connection, string cluster, StoreKey key)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT key, version, value FROM entries WHERE cluster = $cluster AND key = $key";
        command.Parameters.AddWithValue("$cluster", cluster);
        command.Parameters.AddWithValue("$key", key.Value);
        return ReadEntries(command).SingleOrDefault();
    }

    public static List<StoreEntry> List(
        SqliteConnection connection, string cluster, StorePrefix prefix, ListRange range)
    {
        using var command = connection.CreateCommand();
        var (low, high) = Bounds(prefix);
        var after = range.After is null ? "" : range.Descending ? "AND key < $after" : "AND key > $after";
        command.CommandText =
            $"""
            SELECT key, version, value FROM entries
            WHERE cluster = $cluster AND key >= $low AND key < $high {after}
            ORDER BY key {(range.Descending ? "DESC" : "ASC")} LIMIT $limit
            """;
        command.Parameters.AddWithValue("$cluster", cluster);
        command.Parameters.AddWithValue("$low", low);
        command.Parameters.AddWithValue("$high", high);
        command.Parameters.AddWithValue("$limit", range.Limit > 0 ? range.Limit : -1);
        if (range.After is { } key)
        {
            command.Parameters.AddWithValue("$after", key.Value);
        }

        return ReadEntries(command);
    }

    public static List<StoreEntry> WrittenSince(
        SqliteConnection connection, string cluster, StorePrefix prefix, long revision)
    {
        using var command = connection.CreateCommand();
        var (low, high) = Bounds(prefix);
        command.CommandText =
            """
            SELECT key, version, value FROM entries
            WHERE cluster = $cluster AND version > $revision AND key >= $low AND key < $high ORDER BY version
            """;
        command.Parameters.AddWithValue("$cluster", cluster);
        command.Parameters.AddWithValue("$revision", revision);
        command.Parameters.AddWithValue("$low", low);
        command.Parameters.AddWithValue("$high", high);
        return ReadEntries(command);
    }

    public static HashSet<StoreKey> Keys(SqliteConnection connection, string cluster, StorePrefix prefix)
    {
        using var command = connection.CreateCommand();
        var (low, high) = Bounds(prefix);
        command.CommandText = "SELECT key FROM entries WHERE cluster = $cluster AND key >= $low AND key < $high";
        command.Parameters.AddWithValue("$cluster", cluster);
        command.Parameters.AddWithValue("$low", low);
        command.Parameters.AddWithValue("$high", high);
        var keys = new HashSet<StoreKey>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            keys.Add(new StoreKey(reader.GetString(0)));
        }

        return keys;
    }

    public static long NextRevision(SqliteConnection connection, bool isDeletion) => Number(
        connection,
        isDeletion
            ? "UPDATE store SET revision = revision + 1, last_deletion = revision + 1 RETURNING revision"
            : "UPDATE store SET revision = revision + 1 RETURNING revision");

    public static (long Revision, long LastDeletion) Revisions(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT revision, last_deletion FROM store";
        using var reader = command.ExecuteReader();
        return reader.Read()
            ? (reader.GetInt64(0), reader.GetInt64(1))
            : throw new StoreUnavailableException($"{connection.DataSource} has lost its revision");
    }

    public static void Put(SqliteConnection connection, string cluster, StoreKey key, long version, string value)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            INSERT INTO entries (cluster, key, version, value) VALUES ($cluster, $key, $version, $value)
            ON CONFLICT (cluster, key) DO UPDATE SET version = excluded.version, value = excluded.value
            """;
        command.Parameters.AddWithValue("$cluster", cluster);
        command.Parameters.AddWithValue("$key", key.Value);
        command.Parameters.AddWithValue("$version", version);
        command.Parameters.AddWithValue("$value", value);
        command.ExecuteNonQuery();
    }

    public static void Remove(SqliteConnection connection, string cluster, StoreKey key)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "DELETE FROM entries WHERE cluster = $cluster AND key = $key";
        command.Parameters.AddWithValue("$cluster", cluster);
        command.Parameters.AddWithValue("$key", key.Value);
        command.ExecuteNonQuery();
    }

    private static (string Low, string High) Bounds(StorePrefix prefix)
    {
        // '0' follows '/' in ASCII; '~' follows every character of a key.
        var low = prefix.Value;
        return (low, low.Length == 0 ? "~" : low[..^1] + '0');
    }

    private static List<StoreEntry> ReadEntries(SqliteCommand command)
    {
        var entries = new List<StoreEntry>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            entries.Add(new StoreEntry(new StoreKey(reader.GetString(0)), reader.GetInt64(1), reader.GetString(2)));
        }

        return entries;
    }
}
