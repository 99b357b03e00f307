using System.Globalization;

namespace Matriarch.Core;

/// <summary>
/// How many durable copies, the primary's included, a commit needs before it is acknowledged, and in how many cells
/// they have to lie. Text form: <c>majority</c>, <c>async</c> or a number of copies; then, where the cells matter,
/// <c>:N-cells</c>. <c>N-cells</c> alone is N copies in N cells.
/// </summary>
public readonly record struct DurabilityPolicy
{
    private const string CellsSuffix = "-cells";

    private readonly int _copies;
    private readonly int _moreCells;

    private DurabilityPolicy(int copies, int cells)
    {
        _copies = copies;
        _moreCells = cells - 1;
    }

    /// <summary>
    /// A majority of the voters (the default): any majority that survives knows every acknowledged write.
    /// </summary>
    public static readonly DurabilityPolicy Majority;

    /// <summary>
    /// One copy, the primary's: explicit asynchronous mode, in which a failover may lose acknowledged writes.
    /// </summary>
    public static readonly DurabilityPolicy Asynchronous = new(1, 1);

    /// <summary>True in explicit asynchronous mode.</summary>
    public bool IsAsynchronous => _copies == 1 && _moreCells == 0;

    /// <summary>The cells that the policy asks for; 1 means that they do not matter.</summary>
    public int Cells => _moreCells + 1;

    /// <summary>The least number of voters with which the policy can be kept to the letter.</summary>
    public int FewestVoters => Math.Max(_copies, Cells);

    /// <summary>An explicit number of copies.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public static DurabilityPolicy Copies(int copies)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(copies, 1);
        return new DurabilityPolicy(copies, 1);
    }

    /// <summary>The same number of copies, in at least so many cells.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public DurabilityPolicy In(int cells)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cells, 1);
        return new DurabilityPolicy(_copies == 0 ? 0 : Math.Max(_copies, cells), cells);
    }

    /// <summary>
    /// The copies that a commit needs among this many voters. An explicit number above the number of voters is cut down
    /// to it: the instance is then still growing, or the policy was refused when it was set.
    /// </summary>
    public int RequiredCopies(int voters)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(voters, 1);
        return Math.Min(Math.Max(_copies == 0 ? (voters / 2) + 1 : _copies, Cells), voters);
    }

    /// <exception cref="FormatException">Not one of the text forms.</exception>
    public static DurabilityPolicy Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var (copies, cells) = colon < 0 && text.EndsWith(CellsSuffix, StringComparison.Ordinal)
            ? (text[..^CellsSuffix.Length], text)
            : colon < 0 ? (text, "")
            : (text[..colon], text[(colon + 1)..]);
        return WithCells(copies switch
        {
            "majority" => Majority,
            "async" => Asynchronous,
            _ => Copies(Number(copies, text)),
        }, cells, text);
    }

    private static DurabilityPolicy WithCells(DurabilityPolicy policy, string cells, string text)
    {
        if (cells.Length == 0 && !text.EndsWith(':'))
        {
            return policy;
        }

        if (policy.IsAsynchronous && text.Contains(':', StringComparison.Ordinal))
        {
            throw Wrong(text);
        }

        return cells.EndsWith(CellsSuffix, StringComparison.Ordinal)
            ? policy.In(Number(cells[..^CellsSuffix.Length], text))
            : throw Wrong(text);
    }

    private static int Number(string digits, string text) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n is >= 1 and <= 64
            ? n
            : throw Wrong(text);

    private static FormatException Wrong(string text) => new(
        $"\"{text}\" is not a durability policy: use majority, async or a number of copies, and where copies must " +
        "lie in different cells add :2-cells");

    public override string ToString() => (_copies, Cells) switch
    {
        (0, 1) => "majority",
        (1, 1) => "async",
        (_, 1) => _copies.ToString(CultureInfo.InvariantCulture),
        (0, _) => string.Create(CultureInfo.InvariantCulture, $"majority:{Cells}{CellsSuffix}"),
        _ when _copies == Cells => string.Create(CultureInfo.InvariantCulture, $"{Cells}{CellsSuffix}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{_copies}:{Cells}{CellsSuffix}"),
    };
}
