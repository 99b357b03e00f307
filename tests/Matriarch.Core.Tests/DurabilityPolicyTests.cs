namespace Matriarch.Core.Tests;

public sealed class DurabilityPolicyTests
{
    [Theory]
    [InlineData("majority", "majority")]
    [InlineData("async", "async")]
    [InlineData("1", "async")]
    [InlineData("2", "2")]
    [InlineData("9", "9")]
    [InlineData("2-cells", "2-cells")]
    [InlineData("2:2-cells", "2-cells")]
    [InlineData("3:2-cells", "3:2-cells")]
    [InlineData("2:3-cells", "3-cells")] // three cells need three copies
    [InlineData("majority:2-cells", "majority:2-cells")]
    [InlineData("3:1-cells", "3")]
    public void Text_is_read_and_written(string text, string written)
    {
        var policy = DurabilityPolicy.Parse(text);
        Assert.Equal(written, policy.ToString());
        Assert.Equal(policy, DurabilityPolicy.Parse(written));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("Majority")]
    [InlineData("2 ")]
    [InlineData("1.0")]
    [InlineData("99999999999")]
    [InlineData("2:")]
    [InlineData(":2-cells")]
    [InlineData("2:2")]
    [InlineData("-cells")]
    [InlineData("0-cells")]
    [InlineData("async:2-cells")]
    [InlineData("2:2-cells:3")]
    public void Anything_else_is_refused(string text) =>
        Assert.Throws<FormatException>(() => DurabilityPolicy.Parse(text));

    [Fact]
    public void The_default_is_a_majority() => Assert.Equal(DurabilityPolicy.Majority, default);

    [Fact]
    public void Only_one_copy_is_asynchronous()
    {
        Assert.True(DurabilityPolicy.Asynchronous.IsAsynchronous);
        Assert.True(DurabilityPolicy.Copies(1).IsAsynchronous);
        Assert.False(DurabilityPolicy.Majority.IsAsynchronous);
        Assert.False(DurabilityPolicy.Copies(2).IsAsynchronous);
        Assert.Throws<ArgumentOutOfRangeException>(() => DurabilityPolicy.Copies(0));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    [InlineData(4, 3)]
    [InlineData(5, 3)]
    [InlineData(9, 5)]
    public void A_majority_is_more_than_half(int voters, int copies) =>
        Assert.Equal(copies, DurabilityPolicy.Majority.RequiredCopies(voters));

    [Fact]
    public void A_number_above_the_voters_is_cut_down_to_them()
    {
        Assert.Equal(2, DurabilityPolicy.Copies(5).RequiredCopies(2));
        Assert.Equal(5, DurabilityPolicy.Copies(5).RequiredCopies(5));
        Assert.Equal(1, DurabilityPolicy.Asynchronous.RequiredCopies(5));
        Assert.Throws<ArgumentOutOfRangeException>(() => DurabilityPolicy.Majority.RequiredCopies(0));
    }
}
