using System.Net;

namespace Matriarch.Proxy;

/// <summary>What a pool is of, and its bounds.</summary>
internal sealed record PoolOptions
{
    /// <summary>What people call the server.</summary>
    public required string ServerName { get; init; }

    /// <summary>Where it listens.</summary>
    public required IPEndPoint Address { get; init; }

    /// <summary>The packet that each of its connections begins with.</summary>
    public required ReadOnlyMemory<byte> Startup { get; init; }

    /// <summary>The role that its connections log in as.</summary>
    public required byte[] User { get; init; }

    /// <summary>Logs a connection in: 32 bytes, or null where the server asks for nothing.</summary>
    public byte[]? ClientKey { get; init; }

    /// <summary>Server connections at the same time; at least 1.</summary>
    public int MostServers { get; init; } = 20;

    /// <summary>Clients in the line at the same time.</summary>
    public int MostWaiting { get; init; } = 10_000;

    /// <summary>How long a client waits for a server connection.</summary>
    public TimeSpan WaitTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long to connect and log in may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long to ask or give what a session carries may take.</summary>
    public TimeSpan ExchangeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After this long in idleness a connection is closed; zero for never.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>From one failed attempt to connect to the next.</summary>
    public TimeSpan RetryInterval { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a client has to take its last words.</summary>
    public TimeSpan Farewell { get; init; } = TimeSpan.FromSeconds(2);
}
