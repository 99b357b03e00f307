namespace Matriarch.Proxy;

/// <summary>The bounds of a pool.</summary>
internal sealed record PoolLimits
{
    /// <summary>Server connections at the same time; at least 1.</summary>
    public int PoolSize { get; init; } = 20;

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
}
