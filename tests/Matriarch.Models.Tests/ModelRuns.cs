using System.Collections.Immutable;
using System.Globalization;

namespace Matriarch.Models.Tests;

/// <summary>
/// One run of Quint over the protocol and one over what is broken on purpose, side by side, shared by all tests; each
/// typechecks the specification first. The seed is fixed; MATRIARCH_MODEL_SEED and MATRIARCH_MODEL_SAMPLES choose
/// another, or longer runs.
/// </summary>
public sealed class ModelRuns : IAsyncLifetime
{
    /// <summary>What always holds (the end of models/cluster.qnt).</summary>
    internal static readonly string[] Invariants =
    [
        "oneLeaderPerTerm", "timelinesAreUnique", "promisesHold", "nothingIsLost", "oneServes", "rulesAreHeld",
        "rulesAreOneChain",
    ];

    /// <summary>What the run over the protocol must meet, or else what holds in it proves little.</summary>
    internal static readonly string[] Encounters =
    [
        "servesLater", "hasTwoFailovers", "hasRewound", "hasLostPromise", "hasChangedVoters", "hasTwoLeaders",
        "waitsForLease",
    ];

    /// <summary>What models/sabotage.qnt breaks.</summary>
    internal static readonly string[] Breakages =
    [
        "readsBeforeDetaching", "skipsFsync", "waitsForNoLease", "ignoresLease", "resumesAtOnce", "countsRewound",
        "countsTimelines", "keepsLife", "noExtraCopy", "ignoresCommitQuorum",
    ];

    private readonly string _directory = Directory.CreateTempSubdirectory("matriarch-models-").FullName;
    private string _protocol = "";
    private string _sabotage = "";

    /// <summary>What each command printed; the test is skipped where Quint is not installed.</summary>
    internal string Protocol => Required(_protocol);

    internal string Sabotage => Required(_sabotage);

    internal IEnumerable<string> ProtocolTraces => Directory.EnumerateFiles(Required(_directory), "protocol*.json");

    internal IEnumerable<string> SabotageTraces => Directory.EnumerateFiles(Required(_directory), "sabotage*.json");

    public async ValueTask InitializeAsync()
    {
        if (!Quint.IsInstalled)
        {
            return;
        }

        var protocol = RunAsync(
            "cluster.qnt", "protocol", Setting("MATRIARCH_MODEL_SAMPLES", 64), 80,
            ["--invariants", .. Invariants, "--witnesses", .. Encounters]);
        var sabotage = RunAsync(
            "sabotage.qnt", "sabotage", 60, 50,
            ["--init=initBroken", "--step=stepBroken", "--witnesses", "nothingBroken", .. Breakages]);
        await Task.WhenAll(protocol, sabotage);
        (_protocol, _sabotage) = (await protocol, await sabotage);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_directory, recursive: true);
        return ValueTask.CompletedTask;
    }

    private Task<string> RunAsync(string file, string name, int samples, int steps, ImmutableArray<string> more) =>
        Quint.RunAsync(
            "run", file,
            [
                .. more, "--backend=typescript", "--verbosity=1",
                string.Create(CultureInfo.InvariantCulture, $"--seed={Setting("MATRIARCH_MODEL_SEED", 1)}"),
                string.Create(CultureInfo.InvariantCulture, $"--max-samples={samples}"),
                string.Create(CultureInfo.InvariantCulture, $"--max-steps={steps}"),
                string.Create(CultureInfo.InvariantCulture, $"--n-traces={samples}"),
                $"--out-itf={Path.Combine(_directory, name)}_{{seq}}.itf.json",
            ]);

    private static string Required(string output)
    {
        Quint.Require();
        return output;
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value)
            ? value
            : otherwise;
}
