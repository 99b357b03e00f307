namespace Matriarch.Postgres;

/// <summary>How PostgreSQL is asked to end; each falls back to the next when it does not in time.</summary>
public enum ShutdownMode
{
    /// <summary>Clients are disconnected, a checkpoint is written, standbys receive the rest.</summary>
    Fast,

    /// <summary>Processes end at once; the next start recovers from the WAL.</summary>
    Immediate,
}
