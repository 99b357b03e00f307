using System.Globalization;
using System.Text;

namespace Matriarch.Topology;

/// <summary>
/// Where a cluster's keys lie: <c>/PREFIX/CLUSTER/values/KEY</c> has "VERSION JSON", and
/// <c>/PREFIX/CLUSTER/versions/KEY</c> has the version alone, for transactions to compare.
/// </summary>
internal sealed class EtcdKeys(string prefix, string cluster)
{
    private readonly string _values = $"/{prefix}/{cluster}/values/";
    private readonly string _versions = $"/{prefix}/{cluster}/versions/";

    public byte[] Value(StoreKey key) => Encoding.ASCII.GetBytes(_values + key.Value);

    public byte[] Version(StoreKey key) => Encoding.ASCII.GetBytes(_versions + key.Value);

    /// <summary>The values of a prefix: the first key, and the first behind the last.</summary>
    public (byte[] First, byte[] End) Values(StorePrefix under)
    {
        var first = Encoding.ASCII.GetBytes(_values + under.Value);
        byte[] end = [.. first];
        end[^1]++; // it ends in a slash
        return (first, end);
    }

    /// <summary>The first possible value key behind this one.</summary>
    public byte[] Behind(StoreKey key) => [.. Value(key), 0];

    public static byte[] Text(long version) =>
        Encoding.ASCII.GetBytes(version.ToString(CultureInfo.InvariantCulture));

    public static byte[] Text(long version, string value) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{version} {value}"));

    /// <summary>The key; null when it lies elsewhere or was written by something else.</summary>
    public StoreKey? Key(byte[]? key)
    {
        var text = Encoding.UTF8.GetString(key ?? []);
        return text.StartsWith(_values, StringComparison.Ordinal) && StoreKey.IsValid(text[_values.Length..])
            ? new StoreKey(text[_values.Length..])
            : null;
    }

    /// <summary>The entry; null when it was written by something else.</summary>
    public StoreEntry? Entry(EtcdMessages.KeyValue pair)
    {
        var text = Encoding.UTF8.GetString(pair.Value ?? []);
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        return space > 0 && Key(pair.Key) is { } key
            && long.TryParse(text[..space], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            && version > 0
            ? new StoreEntry(key, version, text[(space + 1)..])
            : null;
    }
}
