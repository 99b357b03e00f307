using System.Collections.Immutable;
using Matriarch.TestKit;
using Npgsql;

namespace Matriarch.Chaos;

/// <summary>The table that the clients write into, and what they say to it.</summary>
internal static class ChaosTable
{
    private const string Term = "(select coalesce(max(term), 0) from matriarch.rule)";

    /// <summary>
    /// Successive rows; the answer says who did it, so that nobody has to be asked later. $1 is the first id, $2 how
    /// many.
    /// </summary>
    private const string InsertText =
        "insert into chaos (id) select generate_series($1, $1 + $2 - 1) returning host(inet_server_addr()), "
        + $"{Term}, ('x' || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))::bit(32)::bigint";

    private const string WhoText = $"select host(inet_server_addr()), {Term}, pg_is_in_recovery()";

    /// <summary>Makes it.</summary>
    public static async Task CreateAsync(string connectionString)
    {
        await using var connection = await OpenAsync(connectionString, CancellationToken.None);
        await ExecuteAsync(connection, "create table if not exists chaos (id bigint primary key)");
    }

    /// <summary>A session; nothing of it is left when it does not come about.</summary>
    public static async Task<NpgsqlConnection> OpenAsync(string connectionString, CancellationToken ending)
    {
        var connection = new NpgsqlConnection(connectionString);
        try
        {
            await connection.OpenAsync(ending);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>One statement without a result.</summary>
    public static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Inserts rows, in a transaction of their own unless one is open.</summary>
    public static async Task<Answerer> InsertAsync(
        NpgsqlConnection connection, long first, int count, CancellationToken cancel = default)
    {
        await using var command = new NpgsqlCommand(InsertText, connection);
        command.Parameters.AddWithValue(first);
        command.Parameters.AddWithValue(count);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        Answerer? by = null;

        // It is done when the server is ready again: rows and tag are sent ahead of the commit. So all is read.
        do
        {
            while (await reader.ReadAsync(cancel))
            {
                by = new Answerer(LabNetwork.HostOf(reader.GetString(0)), reader.GetInt64(1), reader.GetInt64(2));
            }
        }
        while (await reader.NextResultAsync(cancel));
        return by ?? throw new InvalidOperationException("an insert answered without a row");
    }

    /// <summary>
    /// Who answers and which rows it has, from an id on. The rows are looked at after the term: what the leader of that
    /// term had to know is in them.
    /// </summary>
    public static async Task<(Answerer By, bool InRecovery, ImmutableArray<long> Ids)> ReadAsync(
        NpgsqlConnection connection, long from)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(WhoText));
        var rows = new NpgsqlBatchCommand("select id from chaos where id >= $1 order by id");
        rows.Parameters.AddWithValue(from);
        batch.BatchCommands.Add(rows);
        await using var reader = await batch.ExecuteReaderAsync();
        await reader.ReadAsync();
        var by = new Answerer(LabNetwork.HostOf(reader.GetString(0)), reader.GetInt64(1));
        var inRecovery = reader.GetBoolean(2);
        await reader.NextResultAsync();
        var ids = ImmutableArray.CreateBuilder<long>();
        while (await reader.ReadAsync())
        {
            ids.Add(reader.GetInt64(0));
        }

        return (by, inRecovery, ids.ToImmutable());
    }

    /// <summary>matriarch.rule as a node has it.</summary>
    public static async Task<IReadOnlyList<RuleRow>> RulesAsync(string connectionString, string node)
    {
        await using var connection = await OpenAsync(connectionString, CancellationToken.None);
        await using var command = new NpgsqlCommand("select term, revision, leader from matriarch.rule", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<RuleRow>();
        while (await reader.ReadAsync())
        {
            rows.Add(new RuleRow(node, reader.GetInt64(0), reader.GetInt32(1), reader.GetString(2)));
        }

        return rows;
    }

    /// <summary>One value of one query on a new session.</summary>
    public static async Task<T> ScalarAsync<T>(string connectionString, string sql)
    {
        await using var connection = await OpenAsync(connectionString, CancellationToken.None);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>SQLSTATE, or the kind of exception.</summary>
    public static string CodeOf(Exception e) => e switch
    {
        PostgresException p => p.SqlState,
        _ => (e.InnerException ?? e).GetType().Name,
    };

    /// <summary>What a client has to get over.</summary>
    public static bool IsFailure(Exception e) =>
        e is NpgsqlException or TimeoutException or IOException or OperationCanceledException
            or InvalidOperationException { InnerException: NpgsqlException or IOException };
}
