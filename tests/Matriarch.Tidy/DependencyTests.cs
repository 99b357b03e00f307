namespace Matriarch.Tidy;

public sealed class DependencyTests
{
    [Fact]
    public void Projects_reference_only_the_floors_below_their_own() =>
        Verdict.Clean(DependencyRule.Text, Repository.Projects.SelectMany(DependencyRule.Check));

    [Theory]
    [InlineData("Gateway", "../Matriarch.Consensus/Matriarch.Consensus.csproj", "Gateway references Consensus")]
    [InlineData("Proxy", "../Matriarch.Topology/Matriarch.Topology.csproj", "Proxy references Topology")]
    [InlineData("Core", "../Matriarch.Wire/Matriarch.Wire.csproj", "Core references Wire")]
    [InlineData("Agent", @"..\Matriarch.Gateway\Matriarch.Gateway.csproj", "Agent references Gateway")]
    [InlineData("Agent", "../../tests/Matriarch.TestKit/Matriarch.TestKit.csproj", "outside src")]
    [InlineData("Kitchen", "../Matriarch.Core/Matriarch.Core.csproj", "no place in the table")]
    public void A_forbidden_reference_is_found(string project, string reference, string words) =>
        Verdict.Finds(words, DependencyRule.Check(new(
            $"src/Matriarch.{project}/Matriarch.{project}.csproj",
            $"""<Project><ItemGroup><ProjectReference Include="{reference}" /></ItemGroup></Project>""")));

    [Theory]
    [InlineData("../../src/Matriarch.Consensus/Matriarch.Consensus.csproj", "", 1)]
    [InlineData("../../src/Matriarch.Cli/Matriarch.Cli.csproj", "", 1)]
    [InlineData("../../src/Matriarch.Cli/Matriarch.Cli.csproj", "ReferenceOutputAssembly=\"false\"", 0)]
    [InlineData("../../src/Matriarch.Client/Matriarch.Client.csproj", "", 0)]
    [InlineData("../../tests/Matriarch.TestKit/Matriarch.TestKit.csproj", "", 0)]
    public void A_benchmark_measures_from_outside(string reference, string attribute, int expected) =>
        Assert.Equal(expected, DependencyRule.Check(new(
            "bench/Matriarch.Bench.X/Matriarch.Bench.X.csproj",
            $"""
            <Project><ItemGroup><ProjectReference Include="{reference}" {attribute} /></ItemGroup></Project>
            """)).Count());
}
