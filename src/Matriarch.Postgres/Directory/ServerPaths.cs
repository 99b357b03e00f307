namespace Matriarch.Postgres;

/// <summary>Where everything of one node is. All of it is below the node's directory.</summary>
/// <param name="NodeDirectory">node.directory, absolute.</param>
public sealed record ServerPaths(string NodeDirectory)
{
    /// <summary>PGDATA.</summary>
    public string Data => Path.Combine(NodeDirectory, "data");

    /// <summary>Standard error of PostgreSQL.</summary>
    public string Log => Path.Combine(NodeDirectory, "postgres.log");

    /// <summary>
    /// Exists from before pg_rewind changes the first file until it has ended well: with it, data must never be
    /// started. It holds the position that the node had before.
    /// </summary>
    public string Rewinding => Path.Combine(NodeDirectory, "rewinding");

    /// <summary>Exists after a rewind until the node is past the position inside, which is when it counts again
    /// (docs/mistakes.md, 10).</summary>
    public string Rewound => Path.Combine(NodeDirectory, "rewound");

    /// <summary>A first data directory that initdb has not finished.</summary>
    internal string DataInit => Path.Combine(NodeDirectory, "data.init");

    /// <summary>A copy that has not finished.</summary>
    internal string DataCopy => Path.Combine(NodeDirectory, "data.copy");

    /// <summary>A finished copy that still has to take the place of data.</summary>
    internal string DataNew => Path.Combine(NodeDirectory, "data.new");

    /// <summary>What a finished copy replaces.</summary>
    internal string DataOld => Path.Combine(NodeDirectory, "data.old");

    /// <summary>Prefix of the passfiles, one per time that the node begins to follow.</summary>
    internal const string PassfilePrefix = "follow-";

    /// <summary>Prefix of the passfiles of single programs.</summary>
    internal const string ToolPassfilePrefix = "tool-";

    /// <summary>The superuser's password, for the length of initdb.</summary>
    internal string InitialPassword => Path.Combine(NodeDirectory, "initdb.password");

    internal string PgWal => Path.Combine(Data, "pg_wal");

    internal string PidFile => Path.Combine(Data, "postmaster.pid");

    internal string StandbySignal => Path.Combine(Data, "standby.signal");
}
