namespace Matriarch.Postgres;

/// <summary>
/// The passwords of the two roles that Matriarch uses. They reach PostgreSQL only in files of mode 0600 or over SQL,
/// and never appear in arguments, logs or exceptions: the text form of this object shows neither.
/// </summary>
public sealed class ServerSecrets(string superuserPassword, string replicationPassword)
{
    /// <summary>The superuser, whom clients of a small cluster use too.</summary>
    public const string SuperuserName = "postgres";

    /// <summary>The role of WAL receivers; may replicate, owns nothing.</summary>
    public const string ReplicationName = "matriarch_replication";

    /// <summary>Password of <see cref="SuperuserName"/>.</summary>
    public string SuperuserPassword { get; } = superuserPassword;

    /// <summary>Password of <see cref="ReplicationName"/>.</summary>
    public string ReplicationPassword { get; } = replicationPassword;

    public override string ToString() => "(secrets)";
}
