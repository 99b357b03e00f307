namespace Matriarch.Compatibility;

/// <summary>Runs the same on both sides and compares.</summary>
internal static class Differential
{
    /// <summary>
    /// Direct, then proxied, each in a fresh database; on a difference direct once more, to tell a script that is not
    /// deterministic from a finding. The transcripts stay in the folder "transcripts" beside this program.
    /// </summary>
    /// <param name="sides">Where to run.</param>
    /// <param name="script">suite/name, as in KnownDifferences.txt.</param>
    /// <param name="run">Gives the transcript of one side.</param>
    public static async Task AssertSameAsync(TwoSides sides, string script, Func<Side, Task<string>> run)
    {
        var direct = await RunAsync(sides, false, script, run);
        var proxied = await RunAsync(sides, true, script, run);
        var faults = await Judgement.FaultsAsync(
            script, KnownDifferences.OfGateway, direct, proxied,
            async () => (await RunAsync(sides, false, script, run)).DifferencesFrom(direct));
        if (faults.Count > 0)
        {
            Assert.Fail(string.Join("\n\n", faults));
        }
    }

    /// <summary>Writes a transcript beside this program, to be looked at.</summary>
    public static async Task KeepAsync(string script, bool proxied, string text)
    {
        var file = Path.Combine(
            AppContext.BaseDirectory, "transcripts", $"{script}.{(proxied ? "proxied" : "direct")}.txt");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, text);
    }

    private static async Task<Transcript> RunAsync(
        TwoSides sides, bool proxied, string script, Func<Side, Task<string>> run)
    {
        var text = await sides.RunAsync(proxied, async side => Normalization.Apply(await run(side), side));
        await KeepAsync(script, proxied, text);
        return Transcript.Parse(text);
    }
}
