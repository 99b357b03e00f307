using System.Globalization;

namespace Matriarch.Fuzz;

/// <summary>What the command line says.</summary>
/// <param name="Duration">How long to go on.</param>
/// <param name="Seed">The same seed makes the same scripts, in the same order.</param>
/// <param name="Findings">The directory for the files of findings.</param>
internal sealed record FuzzOptions(TimeSpan Duration, int Seed, string Findings)
{
    /// <summary>How it is called.</summary>
    public const string Usage = "usage: Matriarch.Fuzz --minutes NUMBER [--seed NUMBER] [--findings DIRECTORY]";

    private static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    /// <summary>Reads the arguments; null when they are wrong.</summary>
    public static FuzzOptions? TryParse(string[] arguments)
    {
        var options = new FuzzOptions(TimeSpan.Zero, 1, Path.Combine(Path.GetTempPath(), "matriarch-fuzz"));
        for (var i = 0; i < arguments.Length; i += 2)
        {
            var value = i + 1 < arguments.Length ? arguments[i + 1] : "";
            var isNumber = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var minutes);
            switch (arguments[i])
            {
                case "--minutes" when isNumber && minutes > 0 && minutes <= Longest.TotalMinutes:
                    options = options with { Duration = TimeSpan.FromMinutes(minutes) };
                    break;
                case "--seed" when int.TryParse(value, CultureInfo.InvariantCulture, out var seed):
                    options = options with { Seed = seed };
                    break;
                case "--findings" when value.Length > 0:
                    options = options with { Findings = value };
                    break;
                default:
                    return null;
            }
        }

        return options.Duration > TimeSpan.Zero ? options : null;
    }
}
