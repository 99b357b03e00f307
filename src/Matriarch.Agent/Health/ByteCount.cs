using System.Globalization;

namespace Matriarch.Agent;

/// <summary>
/// A number of bytes as people write it: <c>1048576</c>, <c>1024kB</c>, <c>10MB</c>, <c>2 GB</c>. Units are those of
/// PostgreSQL's settings, powers of 1024; their case does not matter.
/// </summary>
internal static class ByteCount
{
    private static readonly (string Unit, int Shift)[] Units =
        [("kb", 10), ("mb", 20), ("gb", 30), ("tb", 40), ("b", 0)];

    /// <summary>False for anything else, a sign and a fraction included.</summary>
    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        var digits = text.AsSpan().Trim();
        var shift = 0;
        foreach (var (unit, power) in Units)
        {
            if (digits.EndsWith(unit, StringComparison.OrdinalIgnoreCase))
            {
                digits = digits[..^unit.Length].TrimEnd();
                shift = power;
                break;
            }
        }

        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number > long.MaxValue >> shift)
        {
            return false;
        }

        bytes = number << shift;
        return true;
    }
}
