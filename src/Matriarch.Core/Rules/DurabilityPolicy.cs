using System.Globalization;

namespace Matriarch.Core;

/// <summary>
/// How many durable copies, the primary's included, a commit needs before it is acknowledged. Text form: <c>majority
/// </c>,
/// <c>async</c>, or a number of copies.
/// </summary>
public readonly record struct DurabilityPolicy
{
    private readonly int _copies;

    private DurabilityPolicy(int copies) => _copies = copies;

    /// <summary>
    /// A majority of the voters (the default): any majority that survives knows every acknowledged write.
    /// </summary>
    public static readonly DurabilityPolicy Majority;

    /// <summary>
    /// One copy, the primary's: explicit asynchronous mode, in which a failover may lose acknowledged writes.
    /// </summary>
    public static readonly DurabilityPolicy Asynchronous = new(1);

    /// <summary>True in explicit asynchronous mode.</summary>
    public bool IsAsynchronous => _copies == 1;

    /// <summary>An explicit number of copies.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public static DurabilityPolicy Copies(int copies)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(copies, 1);
        return new DurabilityPolicy(copies);
    }

    /// <summary>
    /// The copies that a commit needs among this many voters. An explicit number above the number of voters is cut down
    /// to it: the instance is then still growing, or the policy was refused when it was set.
    /// </summary>
    public int RequiredCopies(int voters)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(voters, 1);
        return _copies == 0 ? (voters / 2) + 1 : Math.Min(_copies, voters);
    }

    /// <exception cref="FormatException">Not one of the text forms.</exception>
    public static DurabilityPolicy Parse(string text) => text switch
    {
        "majority" => Majority,
        "async" => Asynchronous,
        _ when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n >= 1 => Copies(n),
        _ => throw new FormatException(
            $"\"{text}\" is not a durability policy: use majority, async or a number of copies"),
    };

    public override string ToString() => _copies switch
    {
        0 => "majority",
        1 => "async",
        _ => _copies.ToString(CultureInfo.InvariantCulture),
    };
}
