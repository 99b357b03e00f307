namespace Matriarch.Core;

/// <summary>
/// The name of a node, unique within its instance. It is also the application_name of its WAL receiver and part of its
/// slot name, hence the alphabet: a lower-case letter, then up to 39 lower-case letters, digits or underscores.
/// </summary>
public readonly record struct NodeId : IComparable<NodeId>
{
    private readonly string? _value;

    /// <exception cref="FormatException">The name does not follow the alphabet above.</exception>
    public NodeId(string value) =>
        _value = IsValid(value)
            ? value
            : throw new FormatException(
                $"\"{value}\" is not a node name: use a lower-case letter, then up to 39 of a-z, 0-9 and _");

    /// <summary>The name; empty for the default value, which names no node.</summary>
    public string Value => _value ?? "";

    /// <summary>True for the default value.</summary>
    public bool IsNone => _value is null;

    /// <summary>Whether the text can be a node name.</summary>
    public static bool IsValid(string? value)
    {
        if (value is null || value.Length is 0 or > 40 || value[0] is < 'a' or > 'z')
        {
            return false;
        }

        foreach (var c in value)
        {
            if (c is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '_'))
            {
                return false;
            }
        }

        return true;
    }

    public int CompareTo(NodeId other) => string.CompareOrdinal(Value, other.Value);

    public override string ToString() => Value;

    public static bool operator <(NodeId a, NodeId b) => a.CompareTo(b) < 0;
    public static bool operator >(NodeId a, NodeId b) => a.CompareTo(b) > 0;
    public static bool operator <=(NodeId a, NodeId b) => a.CompareTo(b) <= 0;
    public static bool operator >=(NodeId a, NodeId b) => a.CompareTo(b) >= 0;
}
