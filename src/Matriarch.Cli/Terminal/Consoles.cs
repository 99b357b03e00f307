using Spectre.Console;

namespace Matriarch.Cli;

/// <summary>Makes the consoles of a process: color only where a person looks at it and has not said NO_COLOR.</summary>
internal static class Consoles
{
    /// <summary>Lines are never wrapped where no terminal says how wide it is.</summary>
    private const int UnboundedWidth = 4000;

    public static IAnsiConsole Create(TextWriter writer, bool isRedirected, Func<string, string?> variable)
    {
        var isDumb = string.Equals(variable("TERM"), "dumb", StringComparison.Ordinal);
        var isPlain = isRedirected || isDumb;
        var hasColor = !isPlain && string.IsNullOrEmpty(variable("NO_COLOR"));

        // The colors that we use are named ones, which look the same in every richer system. Detection would read the
        // process's own environment, past the given one.
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isPlain ? AnsiSupport.No : AnsiSupport.Yes,
            ColorSystem = hasColor ? ColorSystemSupport.EightBit : ColorSystemSupport.NoColors,
            Interactive = isPlain ? InteractionSupport.No : InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(writer),
        });
        if (isPlain)
        {
            console.Profile.Width = UnboundedWidth;
        }

        return console;
    }
}
