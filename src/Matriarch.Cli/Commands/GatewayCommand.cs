using System.CommandLine;

namespace Matriarch.Cli;

/// <summary><c>matriarch gateway</c>: the gateway process, and the one of a local cluster.</summary>
internal static class GatewayCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var config = CliOptions.ConfigFile();
        var command = new CliCommand("gateway", "Run a gateway, or start, stop and kill the one of a local cluster.")
        {
            Subcommands =
            {
                GatewayStartCommand.Create(environment),
                GatewayStopCommand.Create(environment),
                GatewayKillCommand.Create(environment),
                GatewayRunCommand.Create(environment),
            },
            Options = { config },
            Examples =
            [
                ("gateway run --config /etc/matriarch/gateway.yaml", "the process itself, as a service runs it"),
                ("gateway kill", "kill -9 the local cluster's gateway"),
                ("gateway start", "and start it again"),
            ],
        };
        command.SetAction((parse, cancellation) =>
            GatewayRunCommand.RunAsync(environment, parse.GetValue(config), [], cancellation));
        return command;
    }
}
