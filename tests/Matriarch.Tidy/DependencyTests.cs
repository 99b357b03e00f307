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
}
