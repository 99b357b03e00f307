namespace Matriarch.Postgres;

/// <summary>How PostgreSQL ended. In every case nothing of it is left when the stop returns.</summary>
public enum StopOutcome
{
    /// <summary>It was not running.</summary>
    WasNotRunning,

    /// <summary>A fast shutdown: the control file says that it was shut down cleanly.</summary>
    Fast,

    /// <summary>An immediate shutdown.</summary>
    Immediate,

    /// <summary>SIGKILL to the postmaster and all its children.</summary>
    Killed,
}
