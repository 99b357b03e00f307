using Matriarch.Core;
using Microsoft.Extensions.Logging;

namespace Matriarch.Topology;

/// <summary>Makes the store that an address names.</summary>
public static class TopologyStores
{
    private const string SqliteScheme = "sqlite:";
    private const string Expected =
        $"expected sqlite:/absolute/path/topology.db, {EtcdAddress.Expected} or {DynamoDbAddress.Expected}";

    /// <summary>
    /// Opens the store for one cluster. A store that does not answer yet is no error here: its methods say so when
    /// called.
    /// </summary>
    /// <exception cref="UserException">
    /// The address is wrong or not supported, the cluster's name is not valid, or the file is damaged or not a
    /// topology store.
    /// </exception>
    public static async Task<ITopologyStore> OpenAsync(
        TopologyOptions options, string cluster, TimeProvider time, ILoggerFactory loggers,
        CancellationToken cancellation)
    {
        if (FindFault(options.Store) is { } fault)
        {
            throw new UserException($"topology.store: {fault}", "Set topology.store in the configuration file.", 2);
        }

        if (options.Store.StartsWith(EtcdAddress.Scheme, StringComparison.Ordinal))
        {
            return new EtcdStore(
                EtcdAddress.TryParse(options.Store, out _)!, EtcdCredentials.From(options), cluster,
                RemoteTimings.Default, time, loggers.CreateLogger<EtcdStore>());
        }

        if (options.Store.StartsWith(DynamoDbAddress.Scheme, StringComparison.Ordinal))
        {
            return new DynamoDbStore(
                DynamoDbAddress.TryParse(options.Store, out _)!, cluster, RemoteTimings.Default, time,
                loggers.CreateLogger<DynamoDbStore>());
        }

        return await EmbeddedStore.OpenAsync(
            options.Store[SqliteScheme.Length..], cluster, time, loggers.CreateLogger<EmbeddedStore>(), cancellation);
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
}
