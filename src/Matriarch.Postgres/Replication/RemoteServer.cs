using System.Globalization;
using Matriarch.Core;
using Npgsql;
using Npgsql.Replication;

namespace Matriarch.Postgres;

/// <summary>What can be asked of a server, the own one or an upstream, over a replication connection.</summary>
internal sealed class RemoteServer(string host, int port, ServerSecrets secrets, TimeProvider time)
{
    /// <param name="System">Identity of its instance.</param>
    /// <param name="Position">Standby: timeline of replay; the LSN is received or replayed. Primary: durable
    /// WAL.</param>
    /// <param name="History">Ancestry of that timeline.</param>
    /// <param name="HistoryFile">Its history file; null for the first timeline, which has none.</param>
    internal sealed record Identity(
        SystemIdentifier System, WalPosition Position, TimelineHistory History, string? HistoryFile);

    private readonly SqlEndpoint _replication =
        new(host, port, ServerSecrets.ReplicationName, secrets.ReplicationPassword);

    private readonly SpareConnection _superuser = new(
        new SqlEndpoint(host, port, ServerSecrets.SuperuserName, secrets.SuperuserPassword), ownPids: null);

    /// <summary>Opens a connection ahead of the next query.</summary>
    public void Prepare() => _superuser.Prepare();

    /// <summary>Closes what was prepared and not used.</summary>
    public void Close() => _superuser.Close();

    /// <summary>IDENTIFY_SYSTEM and, where the timeline has parents, the content of its history file.</summary>
    /// <remarks>
    /// The replication command TIMELINE_HISTORY would be the natural source, but since PostgreSQL 15 it returns text
    /// where Npgsql 10.0.0 expects bytea. History files are never removed from pg_wal, so the superuser reads them
    /// there.
    /// </remarks>
    public async Task<SqlResult<Identity>> IdentifyAsync(TimeSpan deadline, CancellationToken cancellation)
    {
        var until = new Deadline(time, deadline);
        var identified = await ReplicateAsync(
            async connection => await connection.IdentifySystem(CancellationToken.None), deadline, cancellation);
        if (!identified.IsSuccess)
        {
            return new SqlResult<Identity>(default!, identified.Failure);
        }

        var timeline = new Timeline(identified.Value.Timeline);
        // Timeline 1 is the one that initdb makes, and the only one without a history.
        var file = timeline.Value == 1
            ? new SqlResult<string?>(null, null)
            : await QueryAsync(
                connection => connection.ScalarAsync<string>(
                    "SELECT pg_read_file('pg_wal/' || $1)", TimelineHistory.FileName(timeline)),
                until.AtMost(deadline), cancellation);
        if (!file.IsSuccess)
        {
            return new SqlResult<Identity>(default!, file.Failure);
        }

        try
        {
            var history = file.Value is null ? TimelineHistory.Root(timeline)
                : TimelineHistory.Parse(timeline, file.Value);
            var position = new WalPosition(timeline, new Lsn((ulong)identified.Value.XLogPos));
            return new SqlResult<Identity>(
                new Identity(ParseSystem(identified.Value.SystemId), position, history, file.Value), null);
        }
        catch (FormatException e)
        {
            return new SqlResult<Identity>(default!, SqlFailure.From(e, isConnect: false));
        }
    }

    /// <summary>The identity of its instance.</summary>
    public Task<SqlResult<SystemIdentifier>> SystemAsync(TimeSpan deadline, CancellationToken cancellation) =>
        ReplicateAsync(
            async connection => ParseSystem((await connection.IdentifySystem(CancellationToken.None)).SystemId),
            deadline, cancellation);

    private static SystemIdentifier ParseSystem(string text) =>
        new(ulong.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture));

    /// <summary>Runs queries as the superuser on a connection of its own.</summary>
    public Task<SqlResult<T>> QueryAsync<T>(
        Func<NpgsqlConnection, Task<T>> query, TimeSpan deadline, CancellationToken cancellation) =>
        OnceAsync(_superuser.TakeAsync, query, deadline, cancellation);

    private Task<SqlResult<T>> ReplicateAsync<T>(
        Func<PhysicalReplicationConnection, Task<T>> query, TimeSpan deadline, CancellationToken cancellation) =>
        OnceAsync(_replication.OpenReplicationAsync, query, deadline, cancellation);

    private async Task<SqlResult<T>> OnceAsync<TConnection, T>(
        Func<CancellationToken, Task<TConnection>> open, Func<TConnection, Task<T>> query, TimeSpan deadline,
        CancellationToken cancellation)
        where TConnection : IAsyncDisposable
    {
        using var limit = new CancellationTokenSource(deadline, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        TConnection connection;
        try
        {
            connection = await open(both.Token);
        }
        catch (Exception e) when (SqlFailure.IsExpected(e) && !cancellation.IsCancellationRequested)
        {
            return new SqlResult<T>(default!, SqlFailure.From(e, isConnect: true));
        }

        // Runs on past the deadline when the server is frozen, and closes its connection whenever it ends.
        var running = RunAndCloseAsync(connection, query);
        try
        {
            return new SqlResult<T>(await running.WaitAsync(both.Token), null);
        }
        catch (Exception e) when (SqlFailure.IsExpected(e) && !cancellation.IsCancellationRequested)
        {
            return new SqlResult<T>(default!, SqlFailure.From(e, isConnect: false));
        }
    }

    private static async Task<T> RunAndCloseAsync<TConnection, T>(TConnection connection, Func<TConnection,
        Task<T>> query)
        where TConnection : IAsyncDisposable
    {
        await using (connection)
        {
            return await query(connection);
        }
    }
}
