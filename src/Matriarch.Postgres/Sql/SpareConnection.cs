using System.Collections.Concurrent;
using System.Data;
using Npgsql;

namespace Matriarch.Postgres;

/// <summary>
/// One connection opened ahead of its use, by a caller that knows that something urgent comes next. It is used up: who
/// takes it closes it.
/// </summary>
/// <param name="endpoint">Where to.</param>
/// <param name="ownPids">Backend process ids of the agent's own connections to its server; null for another
/// server.</param>
internal sealed class SpareConnection(SqlEndpoint endpoint, ConcurrentDictionary<int, byte>? ownPids)
{
    private readonly Lock _changing = new();
    private Task<NpgsqlConnection>? _opening;

    /// <summary>Begins to open a new one; an older one, which may be of a server that has ended, is closed.</summary>
    public void Prepare()
    {
        lock (_changing)
        {
            Discard();
            _opening = OpenAsync(CancellationToken.None); // Npgsql's own timeout ends it within seconds
        }
    }

    /// <summary>The spare one if there is one and it came about, otherwise a new one.</summary>
    /// <returns>A connection whose backend is among the agent's own until the caller takes it out.</returns>
    public async Task<NpgsqlConnection> TakeAsync(CancellationToken cancellation)
    {
        Task<NpgsqlConnection>? spare;
        lock (_changing)
        {
            (spare, _opening) = (_opening, null);
        }

        if (spare is not null)
        {
            try
            {
                var connection = await spare.WaitAsync(cancellation);
                if (connection.FullState == ConnectionState.Open)
                {
                    return connection;
                }

                await CloseAsync(spare);
            }
            catch (Exception e) when (SqlFailure.IsExpected(e) && !cancellation.IsCancellationRequested)
            {
                // A new one tells why none can be had now.
            }
            catch (OperationCanceledException)
            {
                _ = CloseAsync(spare);
                throw;
            }
        }

        return await OpenAsync(cancellation);
    }

    /// <summary>Closes it, without waiting for that; the next use opens a new one.</summary>
    public void Close()
    {
        lock (_changing)
        {
            Discard();
        }
    }

    private void Discard()
    {
        if (_opening is { } opening)
        {
            _ = CloseAsync(opening);
        }

        _opening = null;
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellation)
    {
        var connection = await endpoint.OpenAsync(cancellation);
        ownPids?.TryAdd(connection.ProcessID, 0);
        return connection;
    }

    private async Task CloseAsync(Task<NpgsqlConnection> opening)
    {
        try
        {
            await using var connection = await opening;
            ownPids?.TryRemove(connection.ProcessID, out _);
        }
        catch (Exception e) when (SqlFailure.IsExpected(e))
        {
            // There is nothing to close.
        }
    }
}
