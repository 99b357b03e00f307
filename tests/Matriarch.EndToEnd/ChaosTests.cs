namespace Matriarch.EndToEnd;

/// <summary>
/// The short set of chaos: the program Matriarch.Chaos in a network of its own, as <c>./test --chaos</c> runs it.
/// </summary>
public sealed class ChaosTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_most_telling_faults_lose_nothing_show_nothing_wrong_and_heal_by_themselves()
    {
        ChaosProgram.IsPossible();

        var (exitCode, said) = await ChaosProgram.RunAsync();

        output.WriteLine(said);
        Assert.True(exitCode == 0, said);
    }
}
