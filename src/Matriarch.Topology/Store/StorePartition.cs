using Matriarch.Core;

namespace Matriarch.Topology;

/// <summary>
/// The part of a store that a store object sees: <c>CLUSTER</c> for what is global, <c>CLUSTER@CELL</c> for what is of
/// a cell. No cluster, cell or key has an <c>@</c> in its name, so no two parts are ever the same, and no part is
/// inside another, also where the stores of all cells and the global one are one etcd under one prefix.
/// </summary>
internal static class StorePartition
{
    private const char Separator = '@';

    /// <exception cref="UserException">The name cannot be a segment of a key.</exception>
    public static string OfCluster(string cluster) => IsSegment(cluster)
        ? cluster
        : throw new UserException(
            $"\"{cluster}\" cannot name a cluster", "Use letters, digits, '.', '_' and '-' in cluster.id.", 2);

    /// <exception cref="UserException">One of the names cannot be a segment of a key.</exception>
    public static string OfCell(string cluster, string cell) => IsSegment(cell)
        ? OfCluster(cluster) + Separator + cell
        : throw new UserException(
            $"\"{cell}\" cannot name a cell with a store of its own",
            "Use letters, digits, '.', '_' and '-' in node.cell and gateway.cell.", 2);

    private static bool IsSegment(string name) =>
        StoreKey.IsValid(name) && !name.Contains('/', StringComparison.Ordinal);
}
