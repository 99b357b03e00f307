using Matriarch.TestKit;

namespace Matriarch.Chaos.Tests;

public sealed class ExpectationTests
{
    private readonly LinkCuts _cuts = new();

    [Fact]
    public void Nothing_is_wrong() => Assert.True(WritesComeBack());

    [Fact]
    public void One_node_or_the_store_is_missing() =>
        Assert.All(LabNetwork.Nodes.Add(LabNetwork.Store), h => Assert.True(WritesComeBack(h)));

    [Fact]
    public void Clients_or_two_hosts_are_missing()
    {
        Assert.False(WritesComeBack(LabNetwork.Client));
        Assert.False(WritesComeBack("a", "b"));
        Assert.False(WritesComeBack("a", LabNetwork.Store));
    }

    [Fact]
    public void A_node_is_missing_and_the_other_two_do_not_reach_each_other()
    {
        _cuts.Add([("b", "c")]);

        Assert.False(WritesComeBack("a"));
        Assert.True(WritesComeBack("b"));
        Assert.True(WritesComeBack());
    }

    [Fact]
    public void A_link_that_two_have_cut_is_whole_when_both_have_mended_it()
    {
        Assert.Equal([("a", "b")], _cuts.Add([("a", "b")]));
        Assert.Equal([("a", "c")], _cuts.Add([("a", "b"), ("a", "c")]));

        Assert.Equal([("a", "c")], _cuts.Remove([("a", "b"), ("a", "c")]));
        Assert.True(_cuts.Separates("b", "a"));
        Assert.Equal([("a", "b")], _cuts.Remove([("a", "b")]));
        Assert.Empty(_cuts.Remove([("a", "b")]));
        Assert.False(_cuts.Separates("a", "b"));
    }

    [Fact]
    public void All_cuts_are_taken_back_at_once()
    {
        _cuts.Add([("a", "b"), ("b", "a")]);
        _cuts.Add([("a", "b")]);

        Assert.Equal([("a", "b"), ("b", "a")], _cuts.Clear());
        Assert.Empty(_cuts.All);
    }

    private bool WritesComeBack(params string[] hurt) => Expectation.WritesComeBack([.. hurt], _cuts.Separates);
}
