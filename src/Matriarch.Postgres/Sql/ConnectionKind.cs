using System.Data;
using Npgsql;
using Npgsql.Replication;

namespace Matriarch.Postgres;

/// <summary>What a session has to know of the connections that it keeps.</summary>
/// <param name="OpenAsync">Opens one; see <see cref="SqlEndpoint"/>.</param>
/// <param name="PidOf">The process id of its backend, while it is open.</param>
/// <param name="IsOpen">Whether it is still of use after a query has failed.</param>
internal sealed record ConnectionKind<TConnection>(
    Func<CancellationToken, Task<TConnection>> OpenAsync, Func<TConnection, int> PidOf, Func<TConnection, bool> IsOpen);

/// <summary>The two kinds.</summary>
internal static class ConnectionKinds
{
    /// <summary>For SQL.</summary>
    public static ConnectionKind<NpgsqlConnection> Sql(SqlEndpoint endpoint) =>
        new(endpoint.OpenAsync, c => c.ProcessID, c => c.FullState == ConnectionState.Open);

    /// <summary>For replication commands. Npgsql does not tell whether one is still open, so none is kept after a
    /// failure.</summary>
    public static ConnectionKind<PhysicalReplicationConnection> Replication(SqlEndpoint endpoint) =>
        new(endpoint.OpenReplicationAsync, c => c.ProcessID, _ => false);
}
