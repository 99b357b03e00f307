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
    /// <param name="database">For SQL.</param>
    /// <param name="application">How the server shows it.</param>
    public SqlEndpoint(
        string host, int port, string user, string password, TimeSpan? statementTimeout = null,
        string database = "postgres", string application = "matriarch")
    {
        var text = new NpgsqlConnectionStringBuilder
        {
            Host = host switch { "0.0.0.0" or "*" => "127.0.0.1", "::" => "::1", _ => host },
            Port = port,
            Username = user,
            Password = password,
            Database = database,
            ApplicationName = application,
            Pooling = false,
            SslMode = SslMode.Prefer,
            GssEncryptionMode = GssEncryptionMode.Disable,
            // Deadlines are kept outside: Npgsql would connect a second time to cancel, and wait for that without one.
            CommandTimeout = 0,
            CancellationTimeout = -1,
            Timeout = 5,
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

    /// <summary>Opens a connection. Returns at the token's end even when the server is frozen in the
    /// handshake.</summary>
    public Task<NpgsqlConnection> OpenAsync(CancellationToken cancellation) =>
        OpenAsync(async () => await _source.OpenConnectionAsync(CancellationToken.None), cancellation);

    /// <summary>Opens a connection that speaks the commands of physical replication.</summary>
    public Task<PhysicalReplicationConnection> OpenReplicationAsync(CancellationToken cancellation) =>
        OpenAsync(
            async () =>
            {
                var connection = new PhysicalReplicationConnection(_connectionString);
                try
                {
                    await connection.Open(CancellationToken.None);
                    return connection;
                }
                catch
                {
                    await connection.DisposeAsync();
                    throw;
                }
            },
            cancellation);

    private static async Task<T> OpenAsync<T>(Func<Task<T>> open, CancellationToken cancellation)
        where T : IAsyncDisposable
    {
        // Npgsql does not get the token: what it does on cancellation may block the thread that cancels.
        var opening = open();
        try
        {
            return await opening.WaitAsync(cancellation);
        }
        catch (OperationCanceledException) when (!opening.IsCompleted)
        {
            // Npgsql's own timeout ends it within seconds.
            _ = opening.ContinueWith(
                async late =>
                {
                    if (late.IsCompletedSuccessfully)
                    {
                        await late.Result.DisposeAsync();
                    }

                    _ = late.Exception;
                },
                CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            throw;
        }
    }
}
