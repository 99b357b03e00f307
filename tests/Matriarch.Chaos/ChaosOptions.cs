using System.Collections.Immutable;
using System.Globalization;
using Matriarch.Core;

namespace Matriarch.Chaos;

/// <summary>What a call asks for.</summary>
internal sealed record ChaosOptions
{
    private const int MostMinutes = 24 * 60;

    /// <summary>How long rounds begin; null for the short set. 1 to 1,440.</summary>
    public int? Minutes { get; init; }

    /// <summary>Of everything that is drawn.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The faults that are drawn.</summary>
    public ImmutableArray<string> Faults { get; init; } = FaultCatalogue.Names;

    /// <summary>
    /// Where the logs of all processes stay; null for a directory of its own, which stays where a round failed.
    /// </summary>
    public string? Logs { get; init; }

    /// <summary>Whether to play the story of a cell that is cut off instead of faults.</summary>
    public bool Cells { get; init; }

    /// <summary>The parent of the data directories.</summary>
    public string Directory { get; init; } = Path.GetTempPath();

    /// <summary>Reads the arguments of a call.</summary>
    /// <exception cref="UserException">They are not understood.</exception>
    public static ChaosOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new ChaosOptions();
        for (var i = 0; i < arguments.Count; i += 2)
        {
            var name = arguments[i];
            var value = i + 1 < arguments.Count ? arguments[i + 1] : throw Wrong($"{name} needs a value");
            options = name switch
            {
                "--minutes" => options with { Minutes = Number(name, value, 1, MostMinutes) },
                "--seed" => options with { Seed = Number(name, value, 0, int.MaxValue) },
                "--faults" => options with { Faults = FaultsOf(value) },
                "--logs" => options with { Logs = Path.GetFullPath(value) },
                "--directory" => options with { Directory = Path.GetFullPath(value) },
                "--scenario" => options with { Cells = value == "cells" ? true : throw Wrong("there is only: cells") },
                _ => throw Wrong($"unknown argument: {name}"),
            };
        }

        return options;
    }

    private static int Number(string name, string value, int least, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most
            ? number
            : throw Wrong(FormattableString.Invariant($"{name} is a number from {least} to {most}, not {value}"));

    private static ImmutableArray<string> FaultsOf(string value)
    {
        var names = value.Split(',', StringSplitOptions.RemoveEmptyEntries);
        var unknown = names.FirstOrDefault(n => !FaultCatalogue.Names.Contains(n, StringComparer.Ordinal));
        return unknown is null && names.Length > 0
            ? [.. names]
            : throw Wrong($"--faults takes names of {string.Join(',', FaultCatalogue.Names)}, not {unknown}");
    }

    private static UserException Wrong(string what) => new(what, "see the README of tests/Matriarch.EndToEnd", 2);
}
