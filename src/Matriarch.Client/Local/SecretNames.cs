namespace Matriarch.Client;

/// <summary>The files of the secrets directory.</summary>
public static class SecretNames
{
    /// <summary>Password of the PostgreSQL user <c>postgres</c>.</summary>
    public const string SuperuserPassword = "superuser-password";

    /// <summary>Password of the replication user.</summary>
    public const string ReplicationPassword = "replication-password";

    /// <summary>Authenticates the agents' heartbeats and messages among themselves.</summary>
    public const string ClusterKey = "cluster-key";

    /// <summary>Bearer token of the HTTP API.</summary>
    public const string ApiToken = "api-token";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [SuperuserPassword, ReplicationPassword, ClusterKey, ApiToken];
}
