using System.Collections.Immutable;
using System.Globalization;
using Matriarch.TestKit;

namespace Matriarch.Chaos;

/// <summary>What is found in the databases, directories and logs of the nodes at the end of a round.</summary>
internal sealed class Survey(ChaosWorld world)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly string[] SignsOfRewind = ["goes back to the fork", "copies the data of"];

    private readonly Dictionary<string, long> _logRead = [];

    /// <summary>matriarch.rule as each node has it.</summary>
    public async Task<ImmutableArray<RuleRow>> RulesAsync()
    {
        var rules = ImmutableArray.CreateBuilder<RuleRow>();
        foreach (var node in LabNetwork.Nodes)
        {
            await Eventually.HoldsAsync(
                $"matriarch.rule of {node} is read",
                async () =>
                {
                    rules.AddRange(await ChaosTable.RulesAsync(world.Cluster.Direct(node), node));
                    return true;
                },
                Deadline);
        }

        return rules.ToImmutable();
    }

    /// <summary>The history files in each pg_wal, without the reasons, which are for people.</summary>
    public ImmutableArray<TimelineFile> Timelines() =>
    [
        .. from node in LabNetwork.Nodes
           from file in Directory.GetFiles(
               Path.Combine(world.Cluster.DataDirectory(node), "pg_wal"), "????????.history")
           select new TimelineFile(
               node, long.Parse(Path.GetFileName(file)[..8], NumberStyles.HexNumber, CultureInfo.InvariantCulture),
               Ancestors(file)),
    ];

    /// <summary>The nodes that said since the last call that they are rewound or copied.</summary>
    public async Task<ImmutableHashSet<string>> RewoundAsync()
    {
        var rewound = ImmutableHashSet.CreateBuilder<string>();
        foreach (var node in LabNetwork.Nodes)
        {
            await using var log = new FileStream(
                world.Cluster.AgentLog(node), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            log.Position = _logRead.GetValueOrDefault(node);
            using var reader = new StreamReader(log);
            var text = await reader.ReadToEndAsync();
            _logRead[node] = log.Position;
            if (SignsOfRewind.Any(s => text.Contains(s, StringComparison.Ordinal)))
            {
                rewound.Add(node);
            }
        }

        return rewound.ToImmutable();
    }

    private static string Ancestors(string file) => string.Join(
        "; ",
        File.ReadAllLines(file).Where(l => l.Length > 0 && l[0] != '#')
            .Select(l => string.Join('@', l.Split('\t', StringSplitOptions.RemoveEmptyEntries).Take(2))));
}
