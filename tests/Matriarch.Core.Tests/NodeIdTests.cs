namespace Matriarch.Core.Tests;

public sealed class NodeIdTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("node_1")]
    [InlineData("a123456789012345678901234567890123456789")]
    public void Lower_case_words_name_nodes(string name)
    {
        Assert.True(NodeId.IsValid(name));
        Assert.Equal(name, new NodeId(name).Value);
        Assert.False(new NodeId(name).IsNone);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("A")]
    [InlineData("1a")]
    [InlineData("_a")]
    [InlineData("a-b")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("ä")]
    [InlineData("aé")]
    [InlineData("a1234567890123456789012345678901234567890")]
    public void Anything_else_does_not(string? name)
    {
        Assert.False(NodeId.IsValid(name));
        Assert.Throws<FormatException>(() => new NodeId(name!));
    }

    [Fact]
    public void A_slot_name_of_the_longest_node_fits_PostgreSQL() =>
        Assert.True(SlotName.For(new NodeId(new string('a', 40))).Value.Length < 64);

    [Fact]
    public void The_default_names_no_node_and_comes_first()
    {
        Assert.True(default(NodeId).IsNone);
        Assert.Equal("", default(NodeId).Value);
        Assert.True(default(NodeId) < new NodeId("a"));
    }

    [Fact]
    public void Names_are_ordered_by_character() =>
        Assert.Equal("a a10 a2 a_ b", string.Join(' ', new[] { "b", "a_", "a2", "a10", "a" }
            .Select(n => new NodeId(n)).Order()));
}
