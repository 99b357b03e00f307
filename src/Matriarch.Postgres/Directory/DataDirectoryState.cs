namespace Matriarch.Postgres;

/// <summary>What is in a node's data directory.</summary>
public abstract record DataDirectoryState
{
    private DataDirectoryState()
    {
    }

    /// <summary>Nothing is there.</summary>
    public sealed record Absent : DataDirectoryState;

    /// <summary>A database cluster that may be started.</summary>
    public sealed record Present(ControlData Control) : DataDirectoryState;

    /// <summary>
    /// Something is there that must not be started: an interrupted rewind, a wrong major version, an unreadable
    /// directory.
    /// </summary>
    /// <param name="Reason">One line.</param>
    /// <param name="Control">What the control file says, where it could be read: whose data it is.</param>
    public sealed record Unusable(string Reason, ControlData? Control) : DataDirectoryState;
}
