namespace Matriarch.Core.Tests;

public sealed class WalPositionTests
{
    [Fact]
    public void A_later_timeline_outranks_any_LSN()
    {
        WalPosition[] inOrder =
        [
            new(new Timeline(1), Lsn.Zero),
            new(new Timeline(1), new Lsn(ulong.MaxValue)), new(new Timeline(2), Lsn.Zero),
            new(new Timeline(2), new Lsn(1)), new(new Timeline(10), Lsn.Zero),
        ];
        Assert.Equal(inOrder, inOrder.Reverse().Order());
        for (var i = 1; i < inOrder.Length; i++)
        {
            var (a, b) = (inOrder[i - 1], inOrder[i]);
            Assert.True(a < b && a <= b && b > a && b >= a && a != b);
        }
    }

    [Fact]
    public void The_text_says_timeline_and_LSN() =>
        Assert.Equal("3:0/10", new WalPosition(new Timeline(3), new Lsn(16)).ToString());
}
