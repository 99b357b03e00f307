using System.Globalization;
using System.Text.RegularExpressions;
using Matriarch.TestKit;

namespace Matriarch.Compatibility;

/// <summary>
/// One of PostgreSQL's own test suites: "regress" or "isolation". The runner comes with the installed client, the
/// inputs
/// from the source package of the same version, which ./test fetches into artifacts.
/// </summary>
internal sealed partial class PostgresSuite
{
    /// <summary>The suites name it in what they expect.</summary>
    private const string Database = "regression";

    private static readonly string Inputs =
        Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../regression"));

    private readonly string _name;
    private readonly string _runner;
    private readonly string _schedule;

    private PostgresSuite(string name, string runner, string schedule)
    {
        _name = name;
        _runner = runner;
        _schedule = schedule;
    }

    public static PostgresSuite Regress { get; } = new("regress", "pg_regress", "parallel_schedule");

    public static PostgresSuite Isolation { get; } = new("isolation", "pg_isolation_regress", "isolation_schedule");

    /// <summary>"suite" of names in KnownDifferences.txt.</summary>
    public string Script => $"suite/{_name}";

    private string Runner => Path.GetFullPath(
        Path.Combine(OwnedPostgres.BinDirectory!, $"../lib/pgxs/src/test/{_name}/{_runner}"));

    /// <summary>Skips the test where the runner or the inputs are missing.</summary>
    public void Require()
    {
        ToolRun.Require(File.Exists(Runner), Runner);
        ToolRun.Require(
            File.Exists(Path.Combine(Inputs, "complete")), "the inputs of PostgreSQL's own test suites");
    }

    /// <summary>
    /// Runs all of it. Each test is a section: "ok" where it printed what PostgreSQL expects, else the difference.
    /// </summary>
    public async Task<Transcript> RunAsync(TwoSides sides, bool proxied)
    {
        await using var directory = await TestDirectory.CreateAsync();
        await TestProcess.RunAsync("cp", "-r", Path.Combine(Inputs, _name), directory["suite"]);
        foreach (var library in (string[])["autoinc.so", "refint.so"])
        {
            // Of the server's contrib; the suite looks for them beside its own.
            File.Copy(
                Path.GetFullPath(Path.Combine(OwnedPostgres.BinDirectory!, "../lib", library)),
                Path.Combine(directory["suite"], library));
        }

        foreach (var made in (string[])["out", "out/results"])
        {
            Directory.CreateDirectory(directory[made]); // the server writes there too
        }

        await TestProcess.RunAsync("chmod", "-R", "a+rwX", directory.Path);
        await DropAsync(sides);
        var said = await sides.RunAsync(proxied, side => ToolRun.RunAsync(
            side with { Database = Database }, null, Runner, "--host=127.0.0.1",
            string.Create(CultureInfo.InvariantCulture, $"--port={side.Port}"), "--user=postgres",
            $"--dlpath={directory["suite"]}", $"--inputdir={directory["suite"]}", $"--outputdir={directory["out"]}",
            $"--bindir={OwnedPostgres.BinDirectory}", $"--schedule={directory["suite"]}/{_schedule}"));
        await DropAsync(sides);
        var diffs = directory["out/regression.diffs"];
        var sections = Sections(said, File.Exists(diffs) ? await File.ReadAllTextAsync(diffs) : "");
        await Differential.KeepAsync(Script, proxied, sections);
        return Transcript.Parse(sections);
    }

    /// <summary>What the runner said and the differences that it found, as sections.</summary>
    internal static string Sections(string said, string differences)
    {
        var byTest = differences.Split("diff -U3 ").Skip(1).GroupBy(
            d => Path.GetFileNameWithoutExtension(d.Split('\n')[0].Split(' ')[^1]), StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => string.Join('\n', g), StringComparer.Ordinal);
        var tests = Outcome().Matches(said).Select(m =>
            (Name: m.Groups["test"].Value, IsOk: m.Groups["outcome"].Value == "ok")).ToList();
        var sections = tests.Select(t =>
            $"== {t.Name}\n{(t.IsOk ? "ok" : byTest.GetValueOrDefault(t.Name, "failed, without a difference"))}\n");
        var isComplete = tests.Count > 0 && Summary().IsMatch(said);
        return string.Concat(sections) + (isComplete ? "== end\n" : $"== not complete\n{said}\n");
    }

    private static Task DropAsync(TwoSides sides) =>
        sides.ExecuteAsync($"DROP DATABASE IF EXISTS {Database} WITH (FORCE)");

    [GeneratedRegex(@"^(?:test|    ) (?<test>\S+)\s+\.\.\. (?<outcome>ok|FAILED|failed \(ignored\))",
        RegexOptions.Multiline)]
    private static partial Regex Outcome();

    [GeneratedRegex(@"^ (All )?\d+ (of \d+ )?tests (passed|failed)", RegexOptions.Multiline)]
    private static partial Regex Summary();
}
