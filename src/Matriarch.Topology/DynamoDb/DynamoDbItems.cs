using System.Globalization;
using Amazon.DynamoDBv2.Model;

namespace Matriarch.Topology;

/// <summary>
/// How entries lie in the table: partition = cluster, sort key = key, the value, its version (a random stamp) and the
/// revision of the cluster at which it was written. One more item per cluster, the head, counts the revisions.
/// </summary>
internal static class DynamoDbItems
{
    public const string Cluster = "cluster";
    public const string Key = "key";
    public const string Value = "value";
    public const string Version = "version";
    public const string Revision = "revision";
    public const string Born = "born";

    /// <summary>Sorts before every key and can be none.</summary>
    public const string HeadKey = "#head";

    /// <summary>Sorts before the first character that a key can have.</summary>
    private const string BelowAll = "$";

    /// <summary>Sorts behind the last character that a key can have.</summary>
    private const string AboveAll = "~";

    /// <summary>The state of a cluster: how many writes were begun, and when (as a random name) it was begun.</summary>
    public readonly record struct Head(long Revision, long Born);

    public static Dictionary<string, AttributeValue> At(string cluster, string key) => new(StringComparer.Ordinal)
    {
        [Cluster] = new AttributeValue(cluster),
        [Key] = new AttributeValue(key),
    };

    public static AttributeValue Number(long number) =>
        new() { N = number.ToString(CultureInfo.InvariantCulture) };

    public static Head ReadHead(Dictionary<string, AttributeValue>? item) =>
        item is null || item.Count == 0 ? default : new Head(ReadNumber(item, Revision), ReadNumber(item, Born));

    /// <summary>The entry with its revision; null when there is none or it was written by something else.</summary>
    public static (StoreEntry Entry, long Revision)? Read(Dictionary<string, AttributeValue>? item)
    {
        if (item is null || !item.TryGetValue(Key, out var key) || !StoreKey.IsValid(key.S)
            || !item.TryGetValue(Value, out var value) || value.S is null || ReadNumber(item, Version) is not > 0)
        {
            return null;
        }

        return (new StoreEntry(new StoreKey(key.S), ReadNumber(item, Version), value.S), ReadNumber(item, Revision));
    }

    /// <summary>The bounds of a range, both included; null when nothing can lie in it.</summary>
    public static (string Low, string High)? Bounds(StorePrefix prefix, ListRange range)
    {
        var low = prefix.Value + BelowAll;
        var high = prefix.Value + AboveAll;
        if (range.After is { } after)
        {
            if (range.Descending)
            {
                high = Lower(high, after.Value);
            }
            else
            {
                low = Higher(low, after.Value);
            }
        }

        return string.CompareOrdinal(low, high) <= 0 ? (low, high) : null;
    }

    private static long ReadNumber(Dictionary<string, AttributeValue> item, string name) =>
        item.TryGetValue(name, out var value)
        && long.TryParse(value.N, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : 0;

    private static string Lower(string a, string b) => string.CompareOrdinal(a, b) < 0 ? a : b;

    private static string Higher(string a, string b) => string.CompareOrdinal(a, b) > 0 ? a : b;
}
