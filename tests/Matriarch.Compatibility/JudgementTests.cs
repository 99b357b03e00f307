namespace Matriarch.Compatibility;

/// <summary>The judge itself: it sees what differs, and lets nothing be listed that does not.</summary>
public sealed class JudgementTests(TwoSides sides)
{
    private const string Same = "== a\n1\n== b\n2\n== end\n";

    [Fact]
    public async Task A_difference_is_a_fault_with_both_texts()
    {
        var fault = Assert.Single(await FaultsAsync("", Same, "== a\n1\n== b\n3\n== end\n"));
        Assert.Contains("x/y#b differs through the gateway", fault, StringComparison.Ordinal);
        Assert.Contains("- 2\n+ 3", fault, StringComparison.Ordinal);
        Assert.Empty(await FaultsAsync("", Same, Same));
    }

    [Fact]
    public async Task A_missing_section_is_a_fault() =>
        Assert.Single(await FaultsAsync("", Same, "== a\n1\n== end\n"));

    [Fact]
    public async Task A_known_difference_is_none_and_must_differ()
    {
        Assert.Empty(await FaultsAsync("x/y#b: why", Same, "== a\n1\n== b\n3\n== end\n"));
        Assert.Contains(
            "does not differ any more", Assert.Single(await FaultsAsync("x/y#b: why", Same, Same)),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_two_direct_runs_do_not_agree_on_is_the_script_s_fault() =>
        Assert.Contains(
            "make the script deterministic",
            Assert.Single(await FaultsAsync("", Same, "== a\n9\n== b\n2\n== end\n", "a")), StringComparison.Ordinal);

    [Fact]
    public async Task A_direct_run_that_fails_shows_nothing_and_is_a_fault()
    {
        Assert.Single(await FaultsAsync("", "== a\n1\n", "== a\n1\n"));
        const string Broken = "== a\nfailed: x\n== end\n";
        Assert.Contains(
            "fails directly", Assert.Single(await FaultsAsync("", Broken, Broken)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x/y#b")]
    [InlineData("x/y#b: ")]
    [InlineData("x/y#b: why\nx/y#b: why again")]
    public void A_known_difference_without_a_reason_or_twice_is_refused(string text) =>
        Assert.Throws<FormatException>(() => KnownDifferences.Parse(text));

    [Fact]
    public Task Every_known_difference_names_a_script_that_exists()
    {
        var suites = new[] { "psql/", "suite/", "driver/", "protocol/", "program/" };
        Assert.All(KnownDifferences.OfGateway.Names, name =>
            Assert.Contains(suites, suite => name.StartsWith(suite, StringComparison.Ordinal)));
        return Task.CompletedTask;
    }

    [Fact]
    public async Task The_proxied_side_is_the_gateway()
    {
        // Only a gateway knows what the suffix means.
        Task<string> ConnectAsync(Side side) => ToolRun.RunAsync(
            side with { Database = "postgres@nowhere" }, null, "psql", "-X", "-c", "SELECT 1");
        Assert.Contains("does not exist", await sides.RunAsync(false, ConnectAsync), StringComparison.Ordinal);
        Assert.DoesNotContain(
            "\"postgres@nowhere\" does not exist", await sides.RunAsync(true, ConnectAsync), StringComparison.Ordinal);
    }

    private static Task<IReadOnlyList<string>> FaultsAsync(
        string known, string direct, string proxied, params IReadOnlyList<string> unsteady) => Judgement.FaultsAsync(
            "x/y", KnownDifferences.Parse(known), Transcript.Parse(direct), Transcript.Parse(proxied),
            () => Task.FromResult(unsteady));
}
