namespace Matriarch.Compatibility;

/// <summary>
/// PostgreSQL's own test suites through the gateway. What they expect is what PostgreSQL prints directly; they are run
/// directly too only when something else came out, since only "direct passes, proxied fails" counts.
/// </summary>
public sealed class SuiteTests(TwoSides sides)
{
    [Fact]
    public Task The_regression_suite_passes_through_the_gateway() => AssertPassesAsync(PostgresSuite.Regress);

    [Fact]
    public Task The_isolation_suite_passes_through_the_gateway() => AssertPassesAsync(PostgresSuite.Isolation);

    [Fact]
    public void What_the_runner_says_becomes_a_section_for_each_test()
    {
        var transcript = Transcript.Parse(PostgresSuite.Sections(
            """
            test one                          ... ok           10 ms
            parallel group (2 tests):  two three
                 two                          ... FAILED       11 ms
                 three                        ... ok           12 ms

            ========================
             1 of 3 tests failed.
            """,
            "diff -U3 /x/expected/two.out /y/results/two.out\n-a\n+b\n"));
        Assert.True(transcript.IsComplete);
        Assert.Equal(["", "one", "two", "three", "end"], transcript.Sections.Select(s => s.Name));
        Assert.Equal("ok", transcript["one"].Trim());
        Assert.Contains("+b", transcript["two"], StringComparison.Ordinal);
        Assert.False(Transcript.Parse(PostgresSuite.Sections("could not connect", "")).IsComplete);
    }

    private async Task AssertPassesAsync(PostgresSuite suite)
    {
        suite.Require();
        var proxied = await suite.RunAsync(sides, proxied: true);
        Assert.True(proxied.IsComplete, proxied["not complete"]);
        var passing = Transcript.Parse(string.Concat(proxied.Sections.Skip(1).Select(s =>
            $"== {s.Name}\n{(s.Name == "end" ? s.Text : "ok\n")}")));
        var failing = proxied.DifferencesFrom(passing);
        if (failing.Count == 0 && !KnownDifferences.OfGateway.Of(suite.Script).Any())
        {
            return;
        }

        var direct = failing.Count == 0 ? passing : await suite.RunAsync(sides, proxied: false);
        var faults = await Judgement.FaultsAsync(
            suite.Script, KnownDifferences.OfGateway, direct, WithoutFailuresOf(direct, proxied),
            () => Task.FromResult<IReadOnlyList<string>>([]));
        Assert.True(faults.Count == 0, string.Join("\n\n", faults));
    }

    /// <summary>What fails directly too says nothing about the gateway.</summary>
    private static Transcript WithoutFailuresOf(Transcript direct, Transcript proxied) =>
        Transcript.Parse(string.Concat(proxied.Sections.Skip(1).Select(s =>
            $"== {s.Name}\n{(direct[s.Name].Trim() == "ok" ? s.Text : direct[s.Name])}\n")).TrimEnd('\n') + "\n");
}
