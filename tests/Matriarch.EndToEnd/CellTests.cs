namespace Matriarch.EndToEnd;

/// <summary>
/// Three cells with a topology store each, in a network of their own: the story <c>CellScenario</c> of the program
/// Matriarch.Chaos, whose steps are in the output.
/// </summary>
public sealed class CellTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_cell_that_is_cut_off_serves_reads_within_the_bound_and_converges_when_it_is_back()
    {
        ChaosProgram.IsPossible();

        var (exitCode, said) = await ChaosProgram.RunAsync("--scenario", "cells");

        output.WriteLine(said);
        Assert.True(exitCode == 0, said);
    }
}
