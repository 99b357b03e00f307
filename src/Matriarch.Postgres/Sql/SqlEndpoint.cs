using System.Globalization;
using Npgsql;
using Npgsql.Replication;

namespace Matriarch.Postgres;

/// <summary>One server and one role on it.</summary>
internal sealed class SqlEndpoint
{
    private readonly string _connectionString;
    private readonly NpgsqlDataSource _source;

    /// <param name="host">What to connect to; an address that means "all" is taken as the loopback one.</param>
    /// <param name="port">1 to 65535.</param>
    /// <param name="user">The role.</param>
    /// <param name="password">Its password.</param>
    /// <param name="statementTimeout">After this the server itself gives a statement up; null for never.</param>
    public SqlEndpoint(string host, int port, string user, string password, TimeSpan? statementTimeout = null)
    {
        var text = new NpgsqlConnectionStringBuilder
        {
            Host = host switch { "0.0.0.0" or "*" => "127.0.0.1", "::" => "::1", _ => host },
            Port = port,
            Username = user,
            Password = password,
            Database = "postgres",
            ApplicationName = "matriarch",
            Pooling = false,
            SslMode = SslMode.Prefer,
            GssEncryptionMode = GssEncryptionMode.Disable,
            // Deadlines are kept outside: Npgsql would connect a second time to cancel, and wait for that without one.
            CommandTimeout = 0,
            CancellationTimeout = -1,
            Timeout = 30,
            MaxAutoPrepare = 32,
            AutoPrepareMinUsages = 2,
        };
        _connectionString = text.ConnectionString;
        if (statementTimeout is { } limit)
        {
            text.Options = string.Create(
                CultureInfo.InvariantCulture, $"-c statement_timeout={(long)limit.TotalMilliseconds}");
        }

        var builder = new NpgsqlDataSourceBuilder(text.ConnectionString);
        // Only built-in types are read; loading the catalog would double the time of a connection.
        builder.ConfigureTypeLoading(loading => loading.EnableTypeLoading(false));
        _source = builder.Build();
    }

    /// <summary>Opens a connection.</summary>
    public async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellation) =>
        await _source.OpenConnectionAsync(cancellation);

    /// <summary>Opens a connection that speaks the commands of physical replication.</summary>
    public async Task<PhysicalReplicationConnection> OpenReplicationAsync(CancellationToken cancellation)
    {
        var connection = new PhysicalReplicationConnection(_connectionString);
        try
        {
            await connection.Open(cancellation);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
