using Matriarch.Core;

namespace Matriarch.Topology;

/// <summary>Where a process finds the topology store.</summary>
[OptionsSection("topology")]
public sealed class TopologyOptions : IValidatedOptions
{
    /// <summary>The address; see <see cref="TopologyStores"/>.</summary>
    [Setting("Topology store: sqlite:/absolute/path/topology.db (one file shared by the processes of one machine), "
        + "etcd://host:port,host:port/prefix, or dynamodb://region/table?endpoint=http://host:port.")]
    public string Store { get; set; } = "";

    /// <summary>Of etcd; empty when it asks for none.</summary>
    [Setting("User of an etcd store with authentication; empty = none.")]
    public string User { get; set; } = "";

    /// <summary>Absolute path of the file with the user's password; read at each login.</summary>
    [Setting("File with the password of topology.user.")]
    public string PasswordFile { get; set; } = "";

    public IEnumerable<string> Validate()
    {
        if (TopologyStores.FindFault(Store) is { } fault)
        {
            yield return $"topology.store: {fault}";
        }

        if (User.Length > 0 != Path.IsPathFullyQualified(PasswordFile))
        {
            yield return "topology.password-file: a user needs the absolute path of a file with the password, "
                + "and a password file needs a user";
        }
    }
}
