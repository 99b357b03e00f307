namespace Matriarch.Proxy;

/// <summary>
/// What a session carries from one transaction to the next, as the server told it: all that another server needs to go
/// on as if nothing had been. Texts are bytes in the session's own encoding.
/// </summary>
public sealed record SessionState
{
    /// <summary>Settings that were set in the session, custom ones among them; name and value.</summary>
    public required IReadOnlyList<(byte[] Name, byte[] Value)> Settings { get; init; }

    /// <summary>Prepared statements, of the protocol and of SQL.</summary>
    public required IReadOnlyList<PreparedStatement> Statements { get; init; }

    /// <summary>Channels that it listens on, quoted as identifiers.</summary>
    public required IReadOnlyList<byte[]> Channels { get; init; }

    /// <summary>What <c>SESSION AUTHORIZATION</c> was set to; null when it is the user that logged in.</summary>
    public byte[]? SessionUser { get; init; }

    /// <summary>What <c>ROLE</c> was set to; null for none.</summary>
    public byte[]? Role { get; init; }

    /// <summary>What the client was told of the settings that servers report.</summary>
    public required IReadOnlyDictionary<string, string> Reported { get; init; }

    /// <summary>A prepared statement.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Sql">The text; of an SQL one the whole PREPARE.</param>
    /// <param name="Types">Object ids of its parameters' types: the same on every replica.</param>
    /// <param name="IsSql">Made by PREPARE instead of by a Parse message.</param>
    public sealed record PreparedStatement(byte[] Name, byte[] Sql, uint[] Types, bool IsSql);
}
