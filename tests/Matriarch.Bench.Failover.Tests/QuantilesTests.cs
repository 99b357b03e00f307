namespace Matriarch.Bench.Failover.Tests;

public sealed class QuantilesTests
{
    [Theory]
    [InlineData(0.5, 15)]
    [InlineData(0.99, 30)]
    [InlineData(1, 30)]
    [InlineData(0.01, 1)]
    public void Of_thirty_values_the_nearest_rank_is_taken(double part, double expected) =>
        Assert.Equal(expected, Quantiles.Of([.. Enumerable.Range(1, 30).Reverse().Select(v => (double)v)], part));

    [Theory]
    [InlineData(0.07, 7)]
    [InlineData(0.99, 99)]
    public void A_product_that_is_not_exact_does_not_move_the_rank(double part, double expected) =>
        Assert.Equal(expected, Quantiles.Of([.. Enumerable.Range(1, 100).Select(v => (double)v)], part));

    [Fact]
    public void Of_no_values_there_is_no_quantile() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Quantiles.Of([], 0.5));
}
