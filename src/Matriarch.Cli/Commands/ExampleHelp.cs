using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Matriarch.Cli;

/// <summary>Adds the examples of a command to its help.</summary>
internal sealed class ExampleHelp(HelpAction usual) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        usual.Invoke(parseResult);
        if (parseResult.CommandResult.Command is not CliCommand { Examples.Count: > 0 } command)
        {
            return 0;
        }

        var output = parseResult.InvocationConfiguration.Output;
        var width = command.Examples.Max(e => e.Line.Length);
        output.WriteLine("Examples:");
        foreach (var (line, meaning) in command.Examples)
        {
            output.WriteLine($"  matriarch {line.PadRight(width)}   {meaning}");
        }

        output.WriteLine();
        return 0;
    }
}
