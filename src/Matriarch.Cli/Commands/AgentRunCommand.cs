using System.CommandLine;

namespace Matriarch.Cli;

/// <summary><c>matriarch agent run --config FILE</c>: the agent process itself.</summary>
internal static class AgentRunCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var config = CliOptions.ConfigFile();
        var command = new CliCommand("run", "Run an agent until SIGTERM; what services and up start.")
        {
            Options = { config },
            TreatUnmatchedTokensAsErrors = false, // --section.setting=value, checked by the configuration itself
            Examples =
            [
                ("agent run --config agent.yaml", "all settings from the file"),
                ("agent run --config agent.yaml --log.level=debug", "one of them from the command line"),
            ],
        };
        command.SetAction((_, _) => Task.FromResult(environment.IsRoot ? 0 : 1));
        return command;
    }
}
