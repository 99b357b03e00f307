using System.Collections.Immutable;
using System.Globalization;
using Matriarch.Core;

namespace Matriarch.Bench.Failover;

/// <summary>What a call asks for.</summary>
internal sealed record BenchOptions
{
    private const int MostRuns = 1000;
    private const int MostClients = 64;

    /// <summary>Runs of each fault of Matriarch; 0 to 1000.</summary>
    public int Runs { get; init; } = 30;

    /// <summary>Runs of each fault of the peer; 0 to 1000.</summary>
    public int PeerRuns { get; init; } = 5;

    /// <summary>The peers; empty for none.</summary>
    public ImmutableArray<PeerTempo> Peers { get; init; } = [];

    public ImmutableArray<Fault> Faults { get; init; } = [.. FaultNames.All];

    /// <summary>Clients that write at the same time; 1 to 64.</summary>
    public int Clients { get; init; } = 4;

    /// <summary>Of the moments at which the faults hit.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The JSON file; null for none.</summary>
    public string? Output { get; init; }

    /// <summary>Where the logs of all processes stay; null when nobody wants them.</summary>
    public string? Logs { get; init; }

    /// <summary>The parent of the data directories.</summary>
    public string Directory { get; init; } = Path.GetTempPath();

    /// <summary>Reads the arguments of a call.</summary>
    /// <exception cref="UserException">They are not understood.</exception>
    public static BenchOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new BenchOptions();
        var (peer, settings) = ("none", "default");
        for (var i = 0; i < arguments.Count; i += 2)
        {
            var name = arguments[i];
            var value = i + 1 < arguments.Count ? arguments[i + 1] : throw Wrong($"{name} needs a value");
            options = name switch
            {
                "--runs" => options with { Runs = Number(name, value, 0, MostRuns) },
                "--peer-runs" => options with { PeerRuns = Number(name, value, 0, MostRuns) },
                "--clients" => options with { Clients = Number(name, value, 1, MostClients) },
                "--seed" => options with { Seed = Number(name, value, 0, int.MaxValue) },
                "--faults" => options with { Faults = FaultsOf(value) },
                "--output" => options with { Output = Path.GetFullPath(value) },
                "--logs" => options with { Logs = Path.GetFullPath(value) },
                "--directory" => options with { Directory = Path.GetFullPath(value) },
                "--peer" => Take(options, value, out peer),
                "--peer-settings" => Take(options, value, out settings),
                _ => throw Wrong($"unknown argument: {name}"),
            };
        }

        return options with { Peers = PeersOf(peer, settings) };
    }

    private static BenchOptions Take(BenchOptions options, string value, out string taken)
    {
        taken = value;
        return options;
    }

    private static ImmutableArray<PeerTempo> PeersOf(string peer, string settings) => (peer, settings) switch
    {
        ("none", "default" or "lowest" or "both") => [],
        ("patroni", "default") => [PeerTempo.Default],
        ("patroni", "lowest") => [PeerTempo.Lowest],
        ("patroni", "both") => [PeerTempo.Default, PeerTempo.Lowest],
        ("none" or "patroni", _) => throw Wrong($"--peer-settings is default, lowest or both, not \"{settings}\""),
        _ => throw Wrong($"--peer is none or patroni, not \"{peer}\""),
    };

    private static ImmutableArray<Fault> FaultsOf(string value) =>
    [
        .. value.Split(',').Select(n => FaultNames.Find(n) ?? throw Wrong(
            $"there is no fault \"{n}\"; there are {string.Join(", ", FaultNames.All.Select(FaultNames.Of))}"))
            .Distinct(),
    ];

    private static int Number(string name, string value, int least, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number >= least && number <= most
            ? number
            : throw Wrong(string.Create(
                CultureInfo.InvariantCulture, $"{name} is a number from {least} to {most}, not \"{value}\""));

    private static UserException Wrong(string problem) => new(problem, "see bench/failover --help", 2);
}
