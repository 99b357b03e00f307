namespace Matriarch.Models.Tests;

/// <summary>The specification itself: that what it claims holds, and that the claims can fail.</summary>
public sealed class ModelTests(ModelRuns runs)
{
    public static TheoryData<string> Encounters => new(ModelRuns.Encounters);

    public static TheoryData<string> Breakages => new(ModelRuns.Breakages);

    [Fact]
    public void What_always_holds_does_in_every_sample() =>
        Assert.Contains("[ok] No violation found", runs.Protocol, StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Encounters))]
    public void The_run_meets_what_is_interesting(string state) =>
        Assert.True(Quint.Witnessed(runs.Protocol, state) > 0, $"no sample ever {state}:\n{runs.Protocol}");

    [Theory]
    [MemberData(nameof(Breakages))]
    public void What_is_broken_on_purpose_is_caught(string breakage) =>
        Assert.True(
            Quint.Witnessed(runs.Sabotage, breakage) > 0,
            $"{breakage} broke nothing that always holds:\n{runs.Sabotage}");

    [Fact]
    public void The_stories_of_the_breakages_break_nothing_by_themselves() =>
        Assert.Equal(0, Quint.Witnessed(runs.Sabotage, "nothingBroken"));
}
