using Matriarch.Core;

namespace Matriarch.Topology;

/// <summary>What every store refuses.</summary>
internal static class PortArguments
{
    /// <exception cref="UserException">It cannot be a segment of a key.</exception>
    public static void CheckCluster(string cluster)
    {
        if (!StoreKey.IsValid(cluster) || cluster.Contains('/', StringComparison.Ordinal))
        {
            throw new UserException(
                $"\"{cluster}\" cannot name a cluster", "Use letters, digits, '.', '_' and '-' in cluster.id.", 2);
        }
    }

    public static void CheckKey(StoreKey key)
    {
        if (key.Value.Length == 0)
        {
            throw new ArgumentException("the key is empty", nameof(key));
        }
    }

    public static void CheckWrite(StoreKey key, long expectedVersion, string value)
    {
        CheckKey(key);
        ArgumentOutOfRangeException.ThrowIfNegative(expectedVersion);
        StoreValue.Check(key, value);
    }

    public static void CheckDelete(StoreKey key, long expectedVersion)
    {
        CheckKey(key);
        ArgumentOutOfRangeException.ThrowIfLessThan(expectedVersion, 1);
    }
}
