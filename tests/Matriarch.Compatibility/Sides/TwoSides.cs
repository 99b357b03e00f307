using System.Globalization;
using Matriarch.TestKit;
using Npgsql;

namespace Matriarch.Compatibility;

/// <summary>One PostgreSQL server, a gateway in front of it, and a new database on it for each run.</summary>
public sealed class TwoSides : IAsyncLifetime
{
    private OwnedPostgres? _server;
    private GatewayProgram? _gateway;
    private int _databases;

    internal OwnedPostgres Server => _server ?? throw new InvalidOperationException("not started");

    internal GatewayProgram Gateway => _gateway ?? throw new InvalidOperationException("not started");

    public async ValueTask InitializeAsync()
    {
        _server = await OwnedPostgres.StartAsync(new Dictionary<string, string>
        {
            ["wal_level"] = "logical",
            ["max_prepared_transactions"] = "20",
            ["max_connections"] = "200",
            ["shared_buffers"] = "128MB",
            ["max_wal_size"] = "4GB",
            ["deadlock_timeout"] = "100ms",
            ["autovacuum"] = "off", // its work changes plans and counters between two runs
            ["timezone"] = "UTC",
            ["full_page_writes"] = "off",
            ["log_min_messages"] = "fatal",
        });
        _gateway = await GatewayProgram.StartAsync(_server.Port);
    }

    public async ValueTask DisposeAsync()
    {
        if (_gateway is not null)
        {
            await _gateway.DisposeAsync();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    /// <summary>
    /// Runs something in a database of its own, directly or through the gateway, and removes what it left in the
    /// server. Names of databases all have the same length, so that tables printed by psql stay aligned.
    /// </summary>
    internal async Task<string> RunAsync(bool proxied, Func<Side, Task<string>> run)
    {
        var side = new Side(
            proxied ? "proxied" : "direct", proxied ? Gateway.Port : Server.Port,
            string.Create(CultureInfo.InvariantCulture, $"compat_{++_databases:d5}"), Server.Password, proxied);
        await ExecuteAsync($"CREATE DATABASE {side.Database} TEMPLATE template0");
        try
        {
            return await run(side);
        }
        finally
        {
            await CleanUpAsync(side.Database);
        }
    }

    /// <summary>Past the gateway, in the database postgres.</summary>
    internal Task ExecuteAsync(string sql) => ExecuteAsync("postgres", sql);

    private async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection($"{Server.ConnectionString};Database={database}");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<List<string>> ListAsync(string sql)
    {
        var rows = new List<string>();
        await using var connection = new NpgsqlConnection(Server.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }

    private async Task CleanUpAsync(string database)
    {
        foreach (var transaction in await ListAsync(
            $"SELECT quote_literal(gid) FROM pg_prepared_xacts WHERE database = '{database}'"))
        {
            await ExecuteAsync(database, $"ROLLBACK PREPARED {transaction}");
        }

        foreach (var slot in await ListAsync(
            $"SELECT quote_literal(slot_name) FROM pg_replication_slots WHERE database = '{database}'"))
        {
            await ExecuteAsync(
                $"SELECT pg_terminate_backend(active_pid, 10000) FROM pg_replication_slots WHERE slot_name = {slot} "
                + "AND active_pid IS NOT NULL");
            await ExecuteAsync($"SELECT pg_drop_replication_slot({slot})");
        }

        await ExecuteAsync($"DROP DATABASE IF EXISTS {database} WITH (FORCE)");
        foreach (var role in await ListAsync(
            @"SELECT quote_ident(rolname) FROM pg_roles WHERE rolname !~ '^pg_' AND rolname <> 'postgres'"))
        {
            await ExecuteAsync($"DROP ROLE {role}");
        }
    }
}
