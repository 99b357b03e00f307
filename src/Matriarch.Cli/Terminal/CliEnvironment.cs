using Spectre.Console;
using Spectre.Console.Rendering;

namespace Matriarch.Cli;

/// <summary>
/// All that commands take from the world around them; the composition root fills it, tests put in their own.
/// </summary>
/// <param name="Out">Standard output: answers.</param>
/// <param name="Error">Standard error: failures, and questions to the person.</param>
/// <param name="In">Standard input: answers to questions.</param>
/// <param name="IsTerminal">Whether standard output is a terminal that takes cursor movements.</param>
/// <param name="CanAsk">Whether a person can answer on standard input.</param>
/// <param name="Time">The clock of every wait.</param>
/// <param name="Variable">Environment variables.</param>
/// <param name="Program">How to start another process of this program.</param>
/// <param name="IsRoot">Whether PostgreSQL needs another user.</param>
internal sealed record CliEnvironment(
    IAnsiConsole Out,
    IAnsiConsole Error,
    TextReader In,
    bool IsTerminal,
    bool CanAsk,
    TimeProvider Time,
    Func<string, string?> Variable,
    OwnProgram Program,
    bool IsRoot)
{
    /// <summary>Writes a line as it is, without markup and without wrapping.</summary>
    public void WriteLine(string line = "") => Out.Profile.Out.Writer.WriteLine(line);

    /// <summary>
    /// A line of Spectre markup; only its text where there are to be no colors, not even bold or dim.
    /// </summary>
    public IRenderable Styled(string markup) =>
        markup.Length == 0 ? new Text(" ")
        : Out.Profile.Capabilities.ColorSystem is ColorSystem.NoColors ? new Text(Markup.Remove(markup))
        : new Markup(markup);

    /// <summary>Writes a line of Spectre markup.</summary>
    public void WriteStyledLine(string markup)
    {
        var plain = Spectre.Console.Markup.Remove(markup);
        if (plain.Length > Out.Profile.Width)
        {
            // The terminal breaks it where it likes; a line break of ours would end up in what a person copies.
            WriteLine(plain);
            return;
        }

        if (markup.Length > 0)
        {
            Out.Write(Styled(markup));
        }

        Out.WriteLine();
    }

    /// <summary>
    /// Writes what failed and the remedy on standard error: a line each, unless a configuration has several faults.
    /// </summary>
    public void WriteFailure(string message, string whatToDo)
    {
        var writer = Error.Profile.Out.Writer;
        writer.WriteLine("error: " + message.TrimEnd());
        if (whatToDo.Length > 0)
        {
            writer.WriteLine("what to do: " + whatToDo.TrimEnd());
        }
    }

    /// <summary>Writes a remark on standard error, so that it does not mix with an answer.</summary>
    public void WriteRemark(string line) => Error.Profile.Out.Writer.WriteLine(line);
}
