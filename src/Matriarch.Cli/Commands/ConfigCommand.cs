using System.CommandLine;

namespace Matriarch.Cli;

/// <summary><c>matriarch config</c>: the effective configuration of a process.</summary>
internal static class ConfigCommand
{
    public static Command Create(CliEnvironment environment) =>
        new CliCommand("config", "Show or check the configuration of an agent or a gateway.")
        {
            Examples =
            [
                ("config show --config agent.yaml", "every setting, its value, and where that comes from"),
                ("config check --config agent.yaml", "whether a process would start with it"),
            ],
        };
}
