namespace Matriarch.Topology;

/// <summary>
/// A folder of keys: whole segments with a slash at the end (<c>events/main/</c>), or everything of the cluster (the
/// default value). Whole segments only, so that <c>main</c> never sees <c>main2</c>.
/// </summary>
public readonly record struct StorePrefix
{
    private readonly string? _value;

    /// <exception cref="FormatException">Not whole segments with a slash at the end.</exception>
    public StorePrefix(string value)
    {
        if (value.Length > 0 && !(value.EndsWith('/') && StoreKey.IsValid(value[..^1])))
        {
            throw new FormatException($"\"{value}\" is not a store prefix: use whole segments with '/' at the end");
        }

        _value = value;
    }

    /// <summary>Every key of the cluster.</summary>
    public static readonly StorePrefix All;

    /// <summary>The text; empty = everything.</summary>
    public string Value => _value ?? "";

    /// <summary>Whether the key lies under this prefix.</summary>
    public bool Contains(StoreKey key) => key.Value.StartsWith(Value, StringComparison.Ordinal);

    public override string ToString() => Value;
}
