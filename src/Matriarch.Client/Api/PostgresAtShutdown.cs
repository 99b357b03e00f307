namespace Matriarch.Client;

/// <summary>What happens to PostgreSQL when its agent ends.</summary>
public enum PostgresAtShutdown
{
    /// <summary>It is stopped cleanly first.</summary>
    Stop,

    /// <summary>It goes on running; the next agent adopts it.</summary>
    Keep,
}
