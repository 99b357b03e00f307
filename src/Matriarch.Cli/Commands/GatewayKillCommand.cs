using System.CommandLine;
using System.Text.Json.Nodes;
using Matriarch.Client;
using Matriarch.Core;

namespace Matriarch.Cli;

/// <summary><c>matriarch gateway kill</c>: kill -9 the gateway of a local cluster.</summary>
internal static class GatewayKillCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public static Command Create(CliEnvironment environment)
    {
        var directory = CliOptions.Directory();
        var output = CliOptions.Output();
        var command = new CliCommand("kill", "Kill -9 the local cluster's gateway.")
        {
            Options = { directory, output },
            Examples = [("gateway kill", "clients lose their connections; gateway start brings it back")],
        };
        command.SetAction(async (parse, cancellation) =>
        {
            var cluster = parse.ClusterOf(directory, environment);
            var gateway = PidFile.FindRunning(cluster.Paths, LocalGateway.ProcessName)
                ?? throw new UserException("the gateway does not run", "start it with: matriarch gateway start");
            gateway.Signal(Signals.Kill);
            if (!await Deadline.WaitAsync(() => !gateway.IsAlive, Limit, environment.Time, cancellation))
            {
                throw new UserException(
                    "the gateway was signalled but has not ended", "run the command as the user that made the cluster");
            }

            environment.WriteLine(parse.GetValue(output) is OutputFormat.Json
                ? Json.Text(new JsonObject { ["gatewayPid"] = gateway.Pid })
                : $"Killed the gateway (pid {gateway.Pid}).");
            return 0;
        });
        return command;
    }
}
