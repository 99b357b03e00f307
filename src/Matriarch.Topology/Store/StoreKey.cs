namespace Matriarch.Topology;

/// <summary>
/// A key inside one cluster, for example <c>instances/main/leadership</c>: segments of <c>A-Z a-z 0-9 . _ -</c> joined
/// by slashes, at most 256 characters.
/// </summary>
public readonly record struct StoreKey : IComparable<StoreKey>
{
    internal const int MaxLength = 256;

    private readonly string? _value;

    /// <exception cref="FormatException">The text does not follow the form above.</exception>
    public StoreKey(string value)
    {
        if (!IsValid(value))
        {
            throw new FormatException(
                $"\"{value}\" is not a store key: use segments of A-Z, a-z, 0-9, '.', '_' and '-' joined by '/'");
        }

        _value = value;
    }

    /// <summary>The key; empty for the default value, which names nothing.</summary>
    public string Value => _value ?? "";

    /// <summary>The last segment.</summary>
    public string Name => Value[(Value.LastIndexOf('/') + 1)..];

    /// <summary>Whether the text can be a key.</summary>
    public static bool IsValid(string? value)
    {
        if (value is null || value.Length is 0 or > MaxLength)
        {
            return false;
        }

        foreach (var segment in value.Split('/'))
        {
            if (segment is "" or "." or ".." || !segment.All(IsSegmentCharacter))
            {
                return false;
            }
        }

        return true;
    }

    public int CompareTo(StoreKey other) => string.CompareOrdinal(Value, other.Value);

    public override string ToString() => Value;

    public static bool operator <(StoreKey a, StoreKey b) => a.CompareTo(b) < 0;
    public static bool operator >(StoreKey a, StoreKey b) => a.CompareTo(b) > 0;
    public static bool operator <=(StoreKey a, StoreKey b) => a.CompareTo(b) <= 0;
    public static bool operator >=(StoreKey a, StoreKey b) => a.CompareTo(b) >= 0;

    private static bool IsSegmentCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-';
}
