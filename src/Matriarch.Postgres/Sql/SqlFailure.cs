using System.Net.Sockets;
using Npgsql;

namespace Matriarch.Postgres;

/// <summary>Why a query brought nothing.</summary>
/// <param name="IsConnect">The connection could not be made; otherwise it stood and the query failed.</param>
/// <param name="Reason">One line without secrets.</param>
/// <param name="SqlState">PostgreSQL's code; null when the failure is not PostgreSQL's.</param>
internal sealed record SqlFailure(bool IsConnect, string Reason, string? SqlState)
{
    /// <summary>"cannot connect now": starting up, shutting down, not consistent yet.</summary>
    public bool IsStarting => SqlState == "57P03";

    /// <summary>Failures that a server, its end or the network can cause; anything else is a bug and goes on as an
    /// exception.</summary>
    public static bool IsExpected(Exception e) =>
        e is NpgsqlException or TimeoutException or IOException or SocketException or ObjectDisposedException
            or OperationCanceledException
            // A row that somebody changed by hand.
            or FormatException
        // What Npgsql throws when the connection broke between two uses.
        || (e is InvalidOperationException && e.Source == "Npgsql");

    public static SqlFailure From(Exception e, bool isConnect) => e is PostgresException p
        ? new SqlFailure(isConnect, $"{p.MessageText} ({p.SqlState})", p.SqlState)
        : new SqlFailure(isConnect, e is OperationCanceledException ? "no answer in time" : OneLine(e), null);

    private static string OneLine(Exception e) =>
        (e.InnerException is { } inner && inner is not PostgresException ? $"{e.Message}: {inner.Message}" : e.Message)
            .ReplaceLineEndings(" ");
}
