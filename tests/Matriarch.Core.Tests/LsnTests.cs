namespace Matriarch.Core.Tests;

public sealed class LsnTests
{
    [Theory]
    [InlineData("0/0", 0UL)]
    [InlineData("16/B374D848", 0x16_B374_D848UL)]
    [InlineData("16/b374d848", 0x16_B374_D848UL)]
    [InlineData("FFFFFFFF/FFFFFFFF", ulong.MaxValue)]
    [InlineData("1/0", 0x1_0000_0000UL)]
    public void The_text_form_of_PostgreSQL_is_read(string text, ulong value)
    {
        Assert.True(Lsn.TryParse(text, out var lsn));
        Assert.Equal(value, lsn.Value);
        Assert.Equal(lsn, Lsn.Parse(lsn.ToString()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("1/")]
    [InlineData("/1")]
    [InlineData("1")]
    [InlineData("1/2/3")]
    [InlineData("100000000/0")]
    [InlineData("0/100000000")]
    [InlineData("-1/0")]
    [InlineData(" 1/0")]
    [InlineData("0x1/0")]
    [InlineData("g/0")]
    public void Anything_else_is_no_position(string? text)
    {
        Assert.False(Lsn.TryParse(text, out var lsn));
        Assert.Equal(Lsn.Zero, lsn);
        Assert.Throws<FormatException>(() => Lsn.Parse(text!));
    }

    [Fact]
    public void Text_is_written_as_PostgreSQL_does() => Assert.Equal("16/B374D848", new Lsn(0x16_B374_D848).ToString());

    [Fact]
    public void The_distance_is_never_negative()
    {
        var earlier = Lsn.Parse("1/0");
        var later = Lsn.Parse("1/28");
        Assert.Equal(40, later.BytesAfter(earlier));
        Assert.Equal(0, earlier.BytesAfter(later));
        Assert.Equal(0, later.BytesAfter(later));
    }

    [Fact]
    public void Positions_are_ordered_as_numbers_not_as_text()
    {
        Lsn[] inOrder = [Lsn.Zero, Lsn.Parse("0/9"), Lsn.Parse("0/10"), Lsn.Parse("9/0"), Lsn.Parse("10/0")];
        Assert.Equal(inOrder, inOrder.Reverse().Order());
        for (var i = 1; i < inOrder.Length; i++)
        {
            var (a, b) = (inOrder[i - 1], inOrder[i]);
            Assert.True(a < b && a <= b && b > a && b >= a && a != b);
        }
    }
}
