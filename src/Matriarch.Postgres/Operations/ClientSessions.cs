using Npgsql;

namespace Matriarch.Postgres;

/// <summary>The connections of clients, as opposed to the agent's own and to replication.</summary>
internal static class ClientSessions
{
    private const string Terminate = """
        SELECT count(*) FROM (
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND NOT (pid = ANY ($1))) t
        """;

    /// <summary>
    /// Those in a transaction, or so freshly idle that the next statement may be on its way. A session that has been
    /// idle for longer has nothing to lose but itself. Followers that look after copies of slots are no clients.
    /// </summary>
    private const string Busy = $"""
        SELECT count(*) FROM pg_stat_activity
        WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND NOT (pid = ANY ($1))
            AND NOT (application_name = '{LogicalSlots.ApplicationName}' AND state = 'idle')
            AND (state IS DISTINCT FROM 'idle' OR state_change > clock_timestamp() - interval '100 ms')
        """;

    /// <summary>How many of them are busy.</summary>
    public static async Task<int> CountBusyAsync(NpgsqlConnection connection, ICollection<int> own) =>
        (int)await connection.ScalarAsync<long>(Busy, own.ToArray());

    /// <summary>Ends them all but those of these processes.</summary>
    /// <returns>How many were told to end.</returns>
    public static async Task<int> TerminateAsync(NpgsqlConnection connection, ICollection<int> kept) =>
        (int)await connection.ScalarAsync<long>(Terminate, kept.ToArray());
}
