using Matriarch.Core;

namespace Matriarch.Topology;

/// <summary>Where a process finds the global topology store, and the one of its cell.</summary>
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

    /// <summary>
    /// The address of the store that the agents and gateways of one cell share; empty when the global store is theirs.
    /// </summary>
    [Setting("Topology store of this process's cell, in the same forms as topology.store; empty = topology.store. "
        + "All agents and gateways of a cell name the same one.")]
    public string CellStore { get; set; } = "";

    /// <summary>Of the cell's etcd; empty when it asks for none.</summary>
    [Setting("User of the cell's etcd store with authentication; empty = none.")]
    public string CellUser { get; set; } = "";

    /// <summary>Absolute path of the file with that user's password; read at each login.</summary>
    [Setting("File with the password of topology.cell-user.")]
    public string CellPasswordFile { get; set; } = "";

    /// <summary>Whether the cell has a store of its own.</summary>
    public bool HasCellStore => CellStore.Length > 0;

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

        if (HasCellStore && TopologyStores.FindFault(CellStore) is { } cellFault)
        {
            yield return $"topology.cell-store: {cellFault}";
        }

        if (CellUser.Length > 0 != Path.IsPathFullyQualified(CellPasswordFile))
        {
            yield return "topology.cell-password-file: a user needs the absolute path of a file with the password, "
                + "and a password file needs a user";
        }

        if (!HasCellStore && CellUser.Length > 0)
        {
            yield return "topology.cell-user: there is no topology.cell-store to log in to";
        }
    }
}
