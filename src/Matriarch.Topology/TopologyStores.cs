using Matriarch.Core;
using Microsoft.Extensions.Logging;

namespace Matriarch.Topology;

/// <summary>Makes the stores that addresses name.</summary>
public static class TopologyStores
{
    private const string SqliteScheme = "sqlite:";
    private const string Expected =
        $"expected sqlite:/absolute/path/topology.db, {EtcdAddress.Expected} or {DynamoDbAddress.Expected}";

    /// <summary>
    /// Opens the global store of one cluster. A store that does not answer yet is no error here: its methods say so
    /// when called.
    /// </summary>
    /// <exception cref="UserException">
    /// The address is wrong or not supported, the cluster's name is not valid, or the file is damaged or not a
    /// topology store.
    /// </exception>
    public static Task<ITopologyStore> OpenAsync(
        TopologyOptions options, string cluster, TimeProvider time, ILoggerFactory loggers,
        CancellationToken cancellation) => OpenAsync(
            new Place("topology.store", options.Store, EtcdCredentials.From(options.User, options.PasswordFile)),
            () => StorePartition.OfCluster(cluster), time, loggers, cancellation);

    /// <summary>
    /// Opens the store of one cell of a cluster; null when the cell has none of its own. What is in it never meets what
    /// is global or of another cell, also where both are in the same place.
    /// </summary>
    /// <exception cref="UserException">As for the global store, or the cell's name is not valid.</exception>
    public static async Task<ITopologyStore?> OpenCellAsync(
        TopologyOptions options, string cluster, string cell, TimeProvider time, ILoggerFactory loggers,
        CancellationToken cancellation) => options.HasCellStore
        ? await OpenAsync(
            new Place(
                "topology.cell-store", options.CellStore,
                EtcdCredentials.From(options.CellUser, options.CellPasswordFile)),
            () => StorePartition.OfCell(cluster, cell), time, loggers, cancellation)
        : null;

    private static async Task<ITopologyStore> OpenAsync(
        Place place, Func<string> partition, TimeProvider time, ILoggerFactory loggers,
        CancellationToken cancellation)
    {
        var (setting, address, credentials) = place;
        if (FindFault(address) is { } fault)
        {
            throw new UserException($"{setting}: {fault}", $"Set {setting} in the configuration file.", 2);
        }

        var name = partition();
        if (address.StartsWith(EtcdAddress.Scheme, StringComparison.Ordinal))
        {
            return new EtcdStore(
                EtcdAddress.TryParse(address, out _)!, credentials, name, RemoteTimings.Default, time,
                loggers.CreateLogger<EtcdStore>());
        }

        if (address.StartsWith(DynamoDbAddress.Scheme, StringComparison.Ordinal))
        {
            return new DynamoDbStore(
                DynamoDbAddress.TryParse(address, out _)!, name, RemoteTimings.Default, time,
                loggers.CreateLogger<DynamoDbStore>());
        }

        return await EmbeddedStore.OpenAsync(
            address[SqliteScheme.Length..], name, time, loggers.CreateLogger<EmbeddedStore>(), cancellation);
    }

    /// <summary>What is wrong with an address; null when nothing is.</summary>
    public static string? FindFault(string address)
    {
        if (address.StartsWith(EtcdAddress.Scheme, StringComparison.Ordinal))
        {
            return EtcdAddress.TryParse(address, out var fault) is null ? fault : null;
        }

        if (address.StartsWith(DynamoDbAddress.Scheme, StringComparison.Ordinal))
        {
            return DynamoDbAddress.TryParse(address, out var fault) is null ? fault : null;
        }

        var isSqlite = address.StartsWith(SqliteScheme, StringComparison.Ordinal);
        return isSqlite && address.Length > SqliteScheme.Length + 1 && address[SqliteScheme.Length] == '/'
            && !address.EndsWith('/')
            ? null
            : $"\"{address}\" is not a store address; {Expected}";
    }

    /// <summary>Where a store is, and which setting says so.</summary>
    private sealed record Place(string Setting, string Address, EtcdCredentials? Credentials);
}
