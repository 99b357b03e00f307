using System.CommandLine;

namespace Matriarch.Cli;

/// <summary><c>matriarch gateway run --config FILE</c>: the gateway process itself.</summary>
internal static class GatewayRunCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var config = CliOptions.ConfigFile();
        var command = new CliCommand("run", "Run a gateway until SIGTERM; what services and up start.")
        {
            Options = { config },
            TreatUnmatchedTokensAsErrors = false, // --section.setting=value, checked by the configuration itself
            Examples =
            [
                ("gateway run --config gateway.yaml", "all settings from the file"),
                ("gateway run --config gateway.yaml --gateway.listen=0.0.0.0:5432", "one of them from the command line"),
            ],
        };
        command.SetAction((_, _) => Task.FromResult(environment.IsRoot ? 0 : 1));
        return command;
    }
}
