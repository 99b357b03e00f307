using System.CommandLine;
using System.CommandLine.Help;
using Matriarch.Core;

namespace Matriarch.Cli;

/// <summary>
/// The command line: what is typed goes to one command; what goes wrong becomes two lines on standard error and an exit
/// code, 1 for a request that was refused or failed, 2 for a line that cannot be understood.
/// </summary>
internal sealed class MatriarchCli(CliEnvironment environment)
{
    private const int Failed = 1;
    private const int Misused = 2;

    /// <summary>Runs one command; the exit code.</summary>
    public async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var parse = Root(environment).Parse(arguments);
        var isHelp = parse.Action is ExampleHelp;
        if (parse.Errors.Count > 0 && !isHelp)
        {
            foreach (var error in parse.Errors.Select(e => e.Message).Distinct(StringComparer.Ordinal))
            {
                environment.WriteFailure(error, "");
            }

            environment.WriteRemark($"what to do: {HelpLine(parse.CommandResult.Command)} shows what can be typed");
            return Misused;
        }

        try
        {
            return await parse.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                // Commands that have something to end in order watch the signals themselves.
                ProcessTerminationTimeout = null,
                Output = environment.Out.Profile.Out.Writer,
                Error = environment.Error.Profile.Out.Writer,
            });
        }
        catch (UserException e)
        {
            environment.WriteFailure(e.Message, e.WhatToDo);
            return e.ExitCode;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            environment.WriteFailure(e.Message, "check the disk, and that you run as the user that made the cluster");
            return Failed;
        }
        catch (OperationCanceledException)
        {
            environment.WriteFailure("interrupted", "");
            return Failed;
        }
    }

    /// <summary>All commands.</summary>
    internal static RootCommand Root(CliEnvironment environment)
    {
        var root = new RootCommand("Matriarch: PostgreSQL that stays up and forgets nothing.");
        root.Subcommands.Add(UpCommand.Create(environment));
        root.Subcommands.Add(StatusCommand.Create(environment));
        root.Subcommands.Add(PsqlCommand.Create(environment));
        root.Subcommands.Add(SwitchoverCommand.Create(environment));
        root.Subcommands.Add(PauseCommand.CreatePause(environment));
        root.Subcommands.Add(PauseCommand.CreateResume(environment));
        root.Subcommands.Add(DurabilityCommand.Create(environment));
        root.Subcommands.Add(NodeCommand.Create(environment));
        root.Subcommands.Add(EventsCommand.Create(environment));
        root.Subcommands.Add(AgentCommand.Create(environment));
        root.Subcommands.Add(GatewayCommand.Create(environment));
        root.Subcommands.Add(ConfigCommand.Create(environment));
        root.Subcommands.Add(DownCommand.Create(environment));
        root.Subcommands.Add(VersionCommand.Create(environment));
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new ExampleHelp((HelpAction)help.Action!);
        root.SetAction(_ => root.Parse("--help").Invoke(new InvocationConfiguration
        {
            Output = environment.Out.Profile.Out.Writer,
        }));
        return root;
    }

    private static string HelpLine(Command command)
    {
        var words = new List<string> { "--help" };
        for (var here = command; here is not RootCommand; here = (Command)here.Parents.First())
        {
            words.Insert(0, here.Name);
        }

        return "matriarch " + string.Join(' ', words);
    }
}
