using Matriarch.TestKit;
using Npgsql;

namespace Matriarch.Bench.Failover;

/// <summary>
/// Clients that write through the proxy, each one row per transaction, as an application with a retry loop does. A
/// number is tried once: after an error nobody knows whether it was written. They come back at once, after 10 ms, so
/// that a gap is the system's.
/// </summary>
internal sealed class Writers : IAsyncDisposable
{
    /// <summary>Between two writes of a client: an open loop would measure how fast the machine is.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(10);

    private readonly string _connectionString;
    private readonly int _run;
    private readonly int _clients;
    private readonly TimeProvider _time;
    private readonly long _startedAt;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task[] _writing;

    private Writers(string connectionString, int run, int clients, TimeProvider time)
    {
        (_connectionString, _run, _clients, _time) = (connectionString, run, clients, time);
        _startedAt = time.GetTimestamp();
        _writing = [.. Enumerable.Range(0, clients).Select(c => Task.Run(() => WriteAsync(c)))];
    }

    /// <summary>What they were told.</summary>
    public Ledger Ledger { get; } = new();

    /// <summary>The time on the ledger's clock.</summary>
    public TimeSpan Now => _time.GetElapsedTime(_startedAt);

    /// <summary>Starts them.</summary>
    /// <param name="connectionString">Through the proxy, without a pool, with bounded time-outs.</param>
    /// <param name="run">Distinguishes their rows from those of other runs.</param>
    /// <param name="clients">How many.</param>
    /// <param name="time">The clock of the ledger.</param>
    public static Writers Start(string connectionString, int run, int clients, TimeProvider time) =>
        new(connectionString, run, clients, time);

    /// <summary>Waits until every client has had so many writes done since a time, by a server that counts.</summary>
    /// <exception cref="TimeoutException">They have not; the message says what the clients met instead.</exception>
    public async Task EachWritesAsync(
        string what, int writes, TimeSpan since, Func<ServerLife, bool> counts, TimeSpan deadline)
    {
        try
        {
            await Eventually.HoldsAsync(what, () => Ledger.ClientsWith(writes, since, counts) == _clients, deadline);
        }
        catch (TimeoutException e)
        {
            var errors = Ledger.ErrorsFrom(since).GroupBy(x => x.Code, StringComparer.Ordinal)
                .Select(g => $"{g.Key} {g.Count()} times");
            throw new TimeoutException($"{e.Message} (clients met: {string.Join(", ", errors)})", e);
        }
    }

    /// <summary>Lets each finish its write, and ends them.</summary>
    public async Task StopAsync()
    {
        await _ending.CancelAsync();
        await Task.WhenAll(_writing);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _ending.Dispose();
    }

    private async Task WriteAsync(int client)
    {
        NpgsqlConnection? connection = null;
        for (long number = 1; !_ending.IsCancellationRequested; number++)
        {
            var isConnecting = connection is null;
            try
            {
                connection ??= await OpenAsync();
                isConnecting = false;
                var server = await InsertAsync(connection, client, number);
                Ledger.Add(new Acknowledgement(client, number, Now, server));
                await Task.Delay(Pause, _time);
            }
            catch (OperationCanceledException) when (_ending.IsCancellationRequested)
            {
                // The run is over.
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
            {
                Ledger.Add(new ClientError(client, Now, isConnecting, CodeOf(e)));
                await CloseAsync(connection);
                connection = null;
                await Task.Delay(RetryPause, _time);
            }
        }

        await CloseAsync(connection);
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(_connectionString);
        try
        {
            await connection.OpenAsync(_ending.Token);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    // The write is done when the server says that it is ready again, and not before: the row and the tag of the
    // command are sent ahead of the commit. Hence every result is read to its end.
    private async Task<ServerLife> InsertAsync(NpgsqlConnection connection, int client, long number)
    {
        await using var command = new NpgsqlCommand(WrittenTable.Insert, connection);
        command.Parameters.AddWithValue(_run);
        command.Parameters.AddWithValue(client);
        command.Parameters.AddWithValue(number);
        await using var reader = await command.ExecuteReaderAsync();
        ServerLife? server = null;
        do
        {
            while (await reader.ReadAsync())
            {
                server = new ServerLife(reader.GetString(0), reader.GetInt64(1));
            }
        }
        while (await reader.NextResultAsync());
        return server ?? throw new InvalidOperationException("an insert answered without a row");
    }

    private static async Task CloseAsync(NpgsqlConnection? connection)
    {
        if (connection is not null)
        {
            await connection.DisposeAsync();
        }
    }

    private static string CodeOf(Exception e) => e switch
    {
        PostgresException p => p.SqlState,
        _ => (e.InnerException ?? e).GetType().Name,
    };
}
