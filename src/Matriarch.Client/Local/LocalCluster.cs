using System.Collections.Immutable;
using Matriarch.Core;

namespace Matriarch.Client;

/// <summary>
/// A cluster on this machine, as <c>matriarch up</c> made it: <c>cluster.yaml</c> and the secrets beside it. What the
/// processes do is in their own configuration; this is how commands find them.
/// </summary>
/// <param name="Paths">Where its files lie.</param>
/// <param name="Id">Drawn at random when it was made.</param>
/// <param name="Instance">The name of its instance.</param>
/// <param name="Durability">The policy it was made with, in text form.</param>
/// <param name="PostgresBin">The directory of PostgreSQL's programs.</param>
/// <param name="Gateway">Where clients connect.</param>
/// <param name="Nodes">Ordered by name.</param>
public sealed record LocalCluster(
    ClusterPaths Paths,
    string Id,
    string Instance,
    string Durability,
    string PostgresBin,
    LocalGateway Gateway,
    ImmutableArray<LocalNode> Nodes)
{
    /// <summary>The address of the topology store that it was made with; null = a file of its own.</summary>
    public string? Store { get; init; }

    /// <summary>
    /// Where the stores of its cells are: an address in which <c>{cell}</c> stands for the cell; null = the cells have
    /// none of their own.
    /// </summary>
    public string? CellStores { get; init; }

    /// <summary>The address of the store of a cell; null when it has none of its own.</summary>
    public string? CellStoreOf(string cell) => CellStores?.Replace("{cell}", cell, StringComparison.Ordinal);

    /// <summary>The address of its topology store.</summary>
    public string StoreAddress => Store ?? "sqlite:" + Paths.Topology;

    /// <summary>
    /// Whether the node directories are elsewhere because PostgreSQL's user cannot get into the cluster's.
    /// </summary>
    public bool HasNodesElsewhere =>
        Nodes.Any(n => !string.Equals(Path.GetDirectoryName(n.Directory), Paths.Nodes, StringComparison.Ordinal));

    /// <summary>Reads the cluster of a directory.</summary>
    /// <exception cref="UserException">There is none, or its file cannot be read.</exception>
    public static LocalCluster Open(ClusterPaths paths) =>
        TryOpen(paths)
        ?? throw new UserException(
            $"there is no cluster in {paths.Root}",
            $"make one with: matriarch up --dir {paths.Root} (or name the right directory with --dir or "
            + $"{ClusterPaths.DirectoryVariable})");

    /// <summary>Reads the cluster of a directory; null when there is none.</summary>
    /// <exception cref="UserException">Its file cannot be read.</exception>
    public static LocalCluster? TryOpen(ClusterPaths paths)
    {
        try
        {
            return File.Exists(paths.ClusterFile) ? ClusterFile.Read(paths, File.ReadAllText(paths.ClusterFile)) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException(
                $"{paths.ClusterFile} cannot be read: {e.Message}",
                "run the command as the user that made the cluster",
                1,
                e);
        }
    }

    /// <summary>The text of its <c>cluster.yaml</c>.</summary>
    public string ToYaml() => ClusterFile.Write(this);

    /// <summary>The node of that name.</summary>
    /// <exception cref="UserException">There is none.</exception>
    public LocalNode Node(string name) =>
        Nodes.FirstOrDefault(n => string.Equals(n.Name, name, StringComparison.Ordinal))
        ?? throw new UserException(
            $"there is no node \"{name}\" in this cluster",
            $"its nodes are {string.Join(", ", Nodes.Select(n => n.Name))}");

    /// <summary>Reads one secret; see <see cref="SecretNames"/>.</summary>
    /// <exception cref="UserException">It is missing, or this user may not read it.</exception>
    public string ReadSecret(string name)
    {
        try
        {
            return File.ReadAllText(Paths.Secret(name)).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException(
                $"the secret {Paths.Secret(name)} cannot be read",
                "run the command as the user that made the cluster; if the file is lost, put it back from a copy",
                1,
                e);
        }
    }

    /// <summary>A client of one node's agent.</summary>
    public AgentClient Connect(LocalNode node) => new(node.Api, ReadSecret(SecretNames.ApiToken));
}
