using System.CommandLine;

namespace Matriarch.Cli;

/// <summary><c>matriarch agent</c>: the agent process, and those of a local cluster.</summary>
internal static class AgentCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var config = CliOptions.ConfigFile();
        var command = new CliCommand("agent", "Run an agent, or start, stop and kill those of a local cluster.")
        {
            Subcommands =
            {
                AgentStartCommand.Create(environment),
                AgentStopCommand.Create(environment),
                AgentKillCommand.Create(environment),
                AgentRunCommand.Create(environment),
            },
            Options = { config },
            Examples =
            [
                ("agent run --config /etc/matriarch/agent.yaml", "the process itself, as a service runs it"),
                ("agent kill a", "kill -9 node a: its agent and its PostgreSQL"),
                ("agent start a", "bring it back; it rejoins by itself"),
            ],
        };
        command.SetAction((parse, cancellation) =>
            AgentRunCommand.RunAsync(environment, parse.GetValue(config), [], cancellation));
        return command;
    }
}
