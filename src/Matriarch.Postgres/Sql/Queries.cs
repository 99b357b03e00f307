using Npgsql;

namespace Matriarch.Postgres;

/// <summary>The two shapes that nearly every query has.</summary>
internal static class Queries
{
    /// <summary>Runs a statement and returns the first column of its first row; default when there is none.</summary>
    public static async Task<T?> ScalarAsync<T>(this NpgsqlConnection connection, string sql,
        params object[] parameters)
    {
        await using var command = Command(connection, sql, parameters);
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }

    /// <summary>Runs a statement and returns every row.</summary>
    public static async Task<List<T>> RowsAsync<T>(
        this NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, params object[] parameters)
    {
        await using var command = Command(connection, sql, parameters);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>Runs a statement for its effect.</summary>
    public static async Task<bool> ExecuteAsync(this NpgsqlConnection connection, string sql,
        params object[] parameters)
    {
        await using var command = Command(connection, sql, parameters);
        await command.ExecuteNonQueryAsync();
        return true;
    }

    /// <summary>The text of a column; null for SQL null.</summary>
    public static string? TextOrNull(this NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetString(column);

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, object[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }

        return command;
    }
}
