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

    /// <summary>Ends them all but those of these processes.</summary>
    /// <returns>How many were told to end.</returns>
    public static async Task<int> TerminateAsync(NpgsqlConnection connection, ICollection<int> kept) =>
        (int)await connection.ScalarAsync<long>(Terminate, kept.ToArray());
}
