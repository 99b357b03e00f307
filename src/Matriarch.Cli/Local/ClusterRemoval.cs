using Matriarch.Client;
using Matriarch.Core;

namespace Matriarch.Cli;

/// <summary>
/// Removes the files of a stopped cluster, and nothing else: what is in its directory by the layout, and its nodes'
/// directory under /var/lib/matriarch if it has one. <c>cluster.yaml</c> goes last, so an interrupted removal can be
/// done again.
/// </summary>
internal static class ClusterRemoval
{
    /// <summary>Removes all but the directory itself; returns what in it is not of Matriarch, and stays.</summary>
    /// <exception cref="UserException">
    /// Something of the cluster still runs, or its nodes are in a place that is not ours.
    /// </exception>
    public static IReadOnlyList<string> Run(LocalCluster cluster)
    {
        var running = ClusterProcesses.FindRemembered(cluster);
        if (!running.AreNone)
        {
            throw new UserException($"the cluster in {cluster.Paths.Root} still runs", "stop it first: matriarch down");
        }

        var paths = cluster.Paths;
        var nodes = NodesDirectory(cluster);
        if (Directory.Exists(nodes))
        {
            Directory.Delete(nodes, recursive: true);
        }

        NodesPlacement.RemoveElsewhereIfEmpty();

        foreach (var directory in new[] { paths.Nodes, paths.Agents, paths.Logs, paths.Secrets, paths.Run })
        {
            if (Directory.Exists(directory))
            {
                Directory.Delete(directory, recursive: true);
            }
        }

        // SQLite keeps its log and its shared memory beside the file; a file that was being written ends in .new.
        string[] files =
        [
            paths.Topology,
            .. cluster.Nodes.Select(n => paths.CellTopology.Replace("{cell}", n.Cell, StringComparison.Ordinal)),
            paths.GatewayConfig,
            paths.ClusterFile,
        ];
        foreach (var file in files.SelectMany(f => Directory.EnumerateFiles(paths.Root, Path.GetFileName(f) + "*")))
        {
            File.Delete(file);
        }

        return [.. Directory.EnumerateFileSystemEntries(paths.Root)];
    }

    // cluster.yaml is a file that anyone may have edited: only the two places where `up` puts nodes are ever removed.
    private static string NodesDirectory(LocalCluster cluster)
    {
        var parents = cluster.Nodes.Select(n => Path.GetDirectoryName(n.Directory))
            .Distinct(StringComparer.Ordinal).ToList();
        var elsewhere = NodesPlacement.ElsewhereFor(cluster.Id);
        return parents is [{ } only] && IsOurs(only)
            ? only
            : throw new UserException(
                $"{cluster.Paths.ClusterFile} names nodes outside of matriarch's own places; nothing was removed",
                $"remove them yourself: {string.Join(", ", cluster.Nodes.Select(n => n.Directory))}");

        bool IsOurs(string directory) =>
            string.Equals(directory, cluster.Paths.Nodes, StringComparison.Ordinal)
            || (cluster.Id.All(char.IsAsciiHexDigitLower)
                && string.Equals(directory, elsewhere, StringComparison.Ordinal));
    }
}
