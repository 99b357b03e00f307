namespace Matriarch.Cli.Tests;

public sealed class PlainOutputTests
{
    private const string Line = "  [bold]a[/]  [green]serving[/]  [dim]x[/] [[y]]";

    [Theory]
    [InlineData(true, "", "xterm-256color")]
    [InlineData(false, "1", "xterm-256color")]
    [InlineData(false, "", "dumb")]
    public async Task Without_a_terminal_or_with_NO_COLOR_only_the_text_is_written(
        bool isRedirected, string noColor, string terminal) =>
        Assert.Equal("  a  serving  x [y]\n", await WriteAsync(isRedirected, noColor, terminal));

    [Fact]
    public async Task On_a_terminal_color_repeats_what_the_text_says() =>
        Assert.Contains(
            "\u001b[", await WriteAsync(isRedirected: false, "", "xterm-256color"), StringComparison.Ordinal);

    private static async Task<string> WriteAsync(bool isRedirected, string noColor, string terminal)
    {
        await using var sandbox = new Sandbox();
        var writer = new StringWriter();
        var environment = sandbox.EnvironmentOf(writer, writer) with
        {
            Out = Consoles.Create(writer, isRedirected, Variable),
        };
        environment.WriteStyledLine(Line);
        return writer.ToString();

        string? Variable(string name) => name switch
        {
            "NO_COLOR" => noColor,
            "TERM" => terminal,
            _ => null,
        };
    }
}
