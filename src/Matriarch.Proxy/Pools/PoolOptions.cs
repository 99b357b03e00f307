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

    /// <summary>Its bounds.</summary>
    public PoolLimits Limits { get; init; } = new();
}
