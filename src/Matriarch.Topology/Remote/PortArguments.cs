namespace Matriarch.Topology;

/// <summary>What every store refuses.</summary>
internal static class PortArguments
{
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
