using Matriarch.Cli.Configuration;

namespace Matriarch.Cli.Tests.Configuration;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("150ms", 150, "150ms")]
    [InlineData("1.2s", 1200, "1200ms")]
    [InlineData("10s", 10_000, "10s")]
    [InlineData("60s", 60_000, "1m")]
    [InlineData("5m", 300_000, "5m")]
    [InlineData("1h", 3_600_000, "1h")]
    [InlineData("2d", 172_800_000, "2d")]
    [InlineData("0ms", 0, "0s")]
    public void Text_is_read_and_written_in_the_largest_whole_unit(string text, long milliseconds, string written)
    {
        Assert.True(DurationText.TryParse(text, out var duration));
        Assert.Equal(milliseconds, (long)duration.TotalMilliseconds);
        Assert.Equal(written, DurationText.Format(duration));
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("ms")]
    [InlineData("-1s")]
    [InlineData("1 s")]
    [InlineData("1S")]
    [InlineData("1,5s")]
    [InlineData("99999999999999d")]
    [InlineData("1e3s")]
    public void Anything_else_is_refused(string text) => Assert.False(DurationText.TryParse(text, out _));

    [Theory]
    [InlineData("port", "port", 0)]
    [InlineData("prot", "port", 1)]
    [InlineData("", "abc", 3)]
    [InlineData("kitten", "sitting", 3)]
    public void The_distance_of_names_counts_edits(string a, string b, int distance) =>
        Assert.Equal(distance, NearestName.Distance(a, b));
}
