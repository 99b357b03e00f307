using System.Net;

namespace Matriarch.Proxy;

/// <summary>One address for clients in front of one server.</summary>
internal sealed record FrontOptions
{
    /// <summary>Where clients connect; port 0 takes a free one.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>The server.</summary>
    public required IPEndPoint Backend { get; init; }

    /// <summary>What people call it.</summary>
    public required string BackendName { get; init; }

    /// <summary>How clients log in.</summary>
    public required IClientLogin Login { get; init; }

    /// <summary>For each database and user; the size over all reactors.</summary>
    public PoolLimits Limits { get; init; } = new();

    /// <summary>Clients at the same time.</summary>
    public int MostClients { get; init; } = 10_000;

    /// <summary>Threads that serve clients.</summary>
    public int Reactors { get; init; } = Environment.ProcessorCount;

    /// <summary>How long a client may take for its startup packet and its login.</summary>
    public TimeSpan LoginTimeout { get; init; } = TimeSpan.FromSeconds(15);
}
