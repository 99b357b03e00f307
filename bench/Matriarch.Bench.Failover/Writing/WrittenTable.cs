using Npgsql;

namespace Matriarch.Bench.Failover;

/// <summary>The table that the clients write into.</summary>
internal static class WrittenTable
{
    /// <summary>
    /// One row of one transaction; the answer says which server did it, so that no second question delays the first
    /// write after a failover.
    /// </summary>
    public const string Insert =
        "insert into written (run, client, number) values ($1, $2, $3) returning host(inet_server_addr()), "
        + "(extract(epoch from pg_postmaster_start_time()) * 1000000)::bigint";

    /// <summary>Makes it if it is not there.</summary>
    public static async Task CreateAsync(string connectionString)
    {
        await using var connection = await OpenAsync(connectionString);
        await using var command = new NpgsqlCommand(
            "create table if not exists written (run int, client int, number bigint, "
            + "primary key (run, client, number))", connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Client and number of every row of a run.</summary>
    public static async Task<HashSet<(int Client, long Number)>> ReadAsync(string connectionString, int run)
    {
        await using var connection = await OpenAsync(connectionString);
        await using var command = new NpgsqlCommand("select client, number from written where run = $1", connection);
        command.Parameters.AddWithValue(run);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new HashSet<(int Client, long Number)>();
        while (await reader.ReadAsync())
        {
            rows.Add((reader.GetInt32(0), reader.GetInt64(1)));
        }

        return rows;
    }

    /// <summary>How many followers stream from the primary.</summary>
    public static async Task<long> StreamingAsync(string connectionString)
    {
        await using var connection = await OpenAsync(connectionString);
        await using var command = new NpgsqlCommand(
            "select count(*) from pg_stat_replication where state = 'streaming'", connection);
        return (long)(await command.ExecuteScalarAsync() ?? 0L);
    }

    private static async Task<NpgsqlConnection> OpenAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(connectionString);
        try
        {
            await connection.OpenAsync();
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
