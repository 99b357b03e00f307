using Matriarch.Core;

namespace Matriarch.Cli;

/// <summary>What <c>matriarch up</c> was asked for; null where the person said nothing.</summary>
/// <param name="Port">Of the gateway.</param>
/// <param name="NodeCount">1 to 9.</param>
/// <param name="Durability">How many copies a commit needs.</param>
/// <param name="PostgresBin">Where PostgreSQL's programs are.</param>
/// <param name="Store">The address of the topology store; null = a file of the cluster's own.</param>
/// <param name="CellStores">
/// The address of the stores of the cells, in which <c>{cell}</c> stands for the cell; <see cref="OwnFiles"/> = a file
/// of the cluster's own for each; null = they have none.
/// </param>
internal sealed record UpRequest(
    int? Port, int? NodeCount, DurabilityPolicy? Durability, string? PostgresBin, string? Store = null,
    string? CellStores = null)
{
    /// <summary>Stands in <see cref="CellStores"/> for files of the cluster's own.</summary>
    public const string OwnFiles = "";

    /// <summary>The gateway's port when none is asked for.</summary>
    public const int DefaultPort = 6432;

    /// <summary>The number of nodes when none is asked for.</summary>
    public const int DefaultNodeCount = 3;

    /// <summary>The most nodes that one machine gets.</summary>
    public const int MostNodes = 9;
}
