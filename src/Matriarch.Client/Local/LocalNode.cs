namespace Matriarch.Client;

/// <summary>One node of a local cluster: what <c>up</c> chose for it once and remembers.</summary>
/// <param name="Name">The node, and its agent.</param>
/// <param name="Cell">Its failure domain.</param>
/// <param name="Directory">Absolute: PostgreSQL's data and the agent's state.</param>
/// <param name="PostgresPort">Where PostgreSQL listens.</param>
/// <param name="ApiPort">Where the agent's HTTP API listens.</param>
/// <param name="HeartbeatPort">Where the agent hears heartbeats (UDP).</param>
public sealed record LocalNode(
    string Name, string Cell, string Directory, int PostgresPort, int ApiPort, int HeartbeatPort)
{
    /// <summary>The agent's API.</summary>
    public Uri Api => new($"http://127.0.0.1:{ApiPort}");

    /// <summary>The process's name in log and pid files.</summary>
    public string ProcessName => "agent-" + Name;

    /// <summary>PGDATA.</summary>
    public string DataDirectory => Path.Combine(Directory, "data");
}
