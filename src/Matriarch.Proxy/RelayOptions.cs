using Matriarch.Wire;

namespace Matriarch.Proxy;

/// <summary>What one relay is told about its surroundings.</summary>
public sealed record RelayOptions
{
    /// <summary>The node behind the server socket, for messages to the client.</summary>
    public required string ServerName { get; init; }

    /// <summary>
    /// The client wants the primary: a server that says it is in recovery (in_hot_standby, PostgreSQL 14 and later)
    /// is refused before the client's first query, however late the news that it leads no more.
    /// </summary>
    public bool MustBePrimary { get; init; }

    /// <summary>
    /// Asked, on the way of the bytes, when the client begins something outside of a transaction with nothing under
    /// way: what it gives is sent instead, and ends the session. Null: everything may begin. Must not block.
    /// </summary>
    public Func<ServerMessage?>? Admission { get; init; }

    /// <summary>Watches the login, so that the client can be logged in again elsewhere; null to watch none.</summary>
    public LoginWitness? Witness { get; init; }

    /// <summary>The session that goes on here after it was parked; null for one that begins.</summary>
    public ParkedSession? Resumed { get; init; }

    /// <summary>The clock that measures <see cref="EndGrace"/>.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>
    /// How long an ending session may take to reach a message boundary (a client that reads slowly, a large row)
    /// before its sockets are closed without a word.
    /// </summary>
    public TimeSpan EndGrace { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Bytes of one direction's buffer while data flows; an idle direction holds none. At least 16 kB: a message that
    /// is looked at must fit.
    /// </summary>
    public int BufferBytes { get; init; } = 32 * 1024;
}
