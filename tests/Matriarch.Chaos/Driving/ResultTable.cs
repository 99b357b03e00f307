using System.Globalization;
using System.Text;

namespace Matriarch.Chaos;

/// <summary>All rounds of each fault, in one line.</summary>
internal static class ResultTable
{
    /// <summary>A round of two faults counts for both.</summary>
    public static string Of(IReadOnlyList<RoundResult> results)
    {
        var text = new StringBuilder("fault                                rounds  outage p50    max  converged max"
            + "  errors  failed\n");
        foreach (var fault in results.SelectMany(r => r.Names).Distinct(StringComparer.Ordinal).Order())
        {
            var own = results.Where(r => r.Names.Contains(fault, StringComparer.Ordinal)).ToList();
            var outages = own.Select(r => r.Outage.TotalSeconds).Order().ToList();
            text.Append(CultureInfo.InvariantCulture, $"{fault,-36} {own.Count,6}")
                .Append(CultureInfo.InvariantCulture, $" {outages[(outages.Count - 1) / 2],11:F1}")
                .Append(CultureInfo.InvariantCulture, $" {outages[^1],6:F1}")
                .Append(CultureInfo.InvariantCulture, $" {own.Max(r => r.Converged.TotalSeconds),14:F1}")
                .Append(CultureInfo.InvariantCulture, $" {own.Sum(r => r.Errors.Values.Sum()),7}")
                .Append(CultureInfo.InvariantCulture, $" {own.Count(r => !r.IsClean),7}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"{results.Sum(r => r.Acknowledged)} writes acknowledged, ")
            .Append(CultureInfo.InvariantCulture, $"{results.Sum(r => r.Reads)} reads judged\n");
        foreach (var kind in results.SelectMany(r => r.Documented).GroupBy(d => d.Key, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"allowed: {kind.Key}: {kind.Sum(d => d.Value)}\n");
        }

        return text.ToString();
    }
}
