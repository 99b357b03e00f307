using Matriarch.Core;

namespace Matriarch.Gateway;

/// <summary>Which replicas a gateway may use, and which it prefers.</summary>
/// <param name="MaxLagBytes">WAL that they may lack, in bytes; 0 = no bound. With one, unknown is too much.</param>
/// <param name="MaxStaleness">How old their data may be; zero = no bound. With one, unknown is too old.</param>
/// <param name="Cell">The cell whose replicas go first; empty = none.</param>
/// <param name="StalenessOf">How old the data of a node may be; null when that is not known.</param>
internal sealed record ReplicaRules(
    long MaxLagBytes, TimeSpan MaxStaleness, string Cell, Func<NodeId, TimeSpan?> StalenessOf)
{
    /// <summary>No bound and no preference.</summary>
    public static readonly ReplicaRules None = new(0, TimeSpan.Zero, "", _ => null);

    /// <summary>Whether how old the data is decides, and not only whether it streams.</summary>
    public bool IsBounded => MaxStaleness > TimeSpan.Zero;

    /// <summary>
    /// Whether sessions may go to the node. With a bound on how old its data may be, one that has lost its leader is
    /// as good as one that streams, as long as it keeps to the bound; without one nothing but streaming says that its
    /// data is not from long ago.
    /// </summary>
    public bool Allow(NodeView node) =>
        node.Role == NodeRole.Replica
        && (MaxLagBytes == 0 || node.LagBytes <= MaxLagBytes)
        && (IsBounded
            ? node.State is NodeState.Streaming or NodeState.Joining or NodeState.Detached
                && StalenessOf(node.Name) <= MaxStaleness
            : node.State == NodeState.Streaming);
}
