using Matriarch.Client;
using Matriarch.Core;
using Npgsql;

namespace Matriarch.Cli;

/// <summary>How clients connect to a local cluster.</summary>
internal static class Connections
{
    /// <summary>The user and the database that every cluster has.</summary>
    public const string User = "postgres";

    /// <summary>Routed to the primary.</summary>
    public const string Database = "postgres";

    /// <summary>Routed to a replica.</summary>
    public const string ReplicaDatabase = "postgres@replica";

    /// <summary>The URL that clients take as it is. It holds the password: it is shown to the person only.</summary>
    public static string Url(LocalCluster cluster, string database = Database)
    {
        var password = Uri.EscapeDataString(cluster.ReadSecret(SecretNames.SuperuserPassword));
        var address = new ListenAddress(cluster.Gateway.Host, cluster.Gateway.Port);
        return $"postgres://{User}:{password}@{address}/{Uri.EscapeDataString(database)}";
    }

    /// <summary>The same for Npgsql.</summary>
    public static NpgsqlConnectionStringBuilder Settings(LocalCluster cluster) => new()
    {
        Host = cluster.Gateway.Host,
        Port = cluster.Gateway.Port,
        Username = User,
        Password = cluster.ReadSecret(SecretNames.SuperuserPassword),
        Database = Database,
        SslMode = SslMode.Disable,
        ApplicationName = "matriarch up",
    };
}
