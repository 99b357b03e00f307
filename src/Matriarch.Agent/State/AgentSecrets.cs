using Matriarch.Client;
using Matriarch.Core;
using Matriarch.Postgres;

namespace Matriarch.Agent;

/// <summary>The cluster's secrets, read from files of mode 0600; the text form shows none.</summary>
internal sealed class AgentSecrets
{
    private const int LeastKeyLength = 16;

    private AgentSecrets(ServerSecrets server, string clusterKey, string apiToken) =>
        (Server, ClusterKey, ApiToken) = (server, clusterKey, apiToken);

    /// <summary>The passwords of PostgreSQL's roles.</summary>
    public ServerSecrets Server { get; }

    /// <summary>What authenticates heartbeats.</summary>
    public string ClusterKey { get; }

    /// <summary>What clients of the HTTP API present.</summary>
    public string ApiToken { get; }

    /// <exception cref="UserException">A secret is missing, empty, short or readable by others.</exception>
    public static AgentSecrets Read(string directory) => new(
        new ServerSecrets(One(directory, SecretNames.SuperuserPassword),
            One(directory, SecretNames.ReplicationPassword)),
        One(directory, SecretNames.ClusterKey),
        One(directory, SecretNames.ApiToken));

    public override string ToString() => "(secrets)";

    private static string One(string directory, string name)
    {
        var path = Path.Combine(directory, name);
        string text;
        try
        {
            text = File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException(
                $"the secret {path} cannot be read: {e.Message}", "Create it with mode 0600, the same on all machines.",
                1, e);
        }

        var others = File.GetUnixFileMode(
            path) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.GroupWrite
            | UnixFileMode.OtherWrite);
        if (others != UnixFileMode.None)
        {
            throw new UserException($"the secret {path} can be read or written by others", $"Run: chmod 0600 {path}");
        }

        return text.Length >= LeastKeyLength
            ? text
            : throw new UserException($"the secret {path} is shorter than {LeastKeyLength} characters",
                "Put a random one there.");
    }
}
