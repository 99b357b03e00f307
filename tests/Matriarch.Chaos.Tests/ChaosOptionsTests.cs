using Matriarch.Core;

namespace Matriarch.Chaos.Tests;

public sealed class ChaosOptionsTests
{
    [Fact]
    public void Without_minutes_it_is_the_short_set() => Assert.Null(ChaosOptions.Parse([]).Minutes);

    [Fact]
    public void Arguments_are_read()
    {
        var options = ChaosOptions.Parse(["--minutes", "30", "--seed", "7", "--faults", "kill-node,flapping"]);

        Assert.Equal(30, options.Minutes);
        Assert.Equal(7, options.Seed);
        Assert.Equal(["kill-node", "flapping"], options.Faults);
    }

    [Theory]
    [InlineData("--minutes", "0")]
    [InlineData("--minutes", "soon")]
    [InlineData("--seed")]
    [InlineData("--faults", "nothing")]
    [InlineData("--unknown", "1")]
    public void What_is_not_understood_is_refused(params string[] arguments) =>
        Assert.Throws<UserException>(() => ChaosOptions.Parse(arguments));
}
