using Matriarch.Topology;

namespace Matriarch.Agent;

/// <summary>What becomes of the nodes that a topology store names; one for each store and its publisher.</summary>
internal interface INodeReader
{
    /// <summary>The store names these nodes now.</summary>
    /// <exception cref="StoreUnavailableException">It could not be written.</exception>
    Task ReadAsync(IReadOnlyList<NodeRecord> nodes, CancellationToken cancellation);

    /// <summary>The store cannot be used.</summary>
    void Lost();
}
