using Npgsql;

namespace Matriarch.EndToEnd;

/// <summary>SQL on a connection of its own.</summary>
internal static class TestSql
{
    /// <summary>Runs one statement that returns nothing of interest.</summary>
    public static async Task RunAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
