using System.CommandLine;
using System.Text.Json.Nodes;
using Matriarch.Client;

namespace Matriarch.Cli;

/// <summary><c>matriarch gateway stop</c>: ends the gateway of a local cluster in order.</summary>
internal static class GatewayStopCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var directory = CliOptions.Directory();
        var output = CliOptions.Output();
        var command = new CliCommand("stop", "Stop the local cluster's gateway; its sessions end in order.")
        {
            Options = { directory, output },
            Examples = [("gateway stop", "clients can connect again after gateway start")],
        };
        command.SetAction(async (parse, cancellation) =>
        {
            var cluster = parse.ClusterOf(directory, environment);
            var gateway = PidFile.FindRunning(cluster.Paths, LocalGateway.ProcessName);
            await new ClusterStop(cluster, environment.Time).StopGatewayAsync(gateway, cancellation);
            environment.WriteLine(parse.GetValue(output) is OutputFormat.Json
                ? Json.Text(new JsonObject { ["gatewayPid"] = gateway?.Pid, ["wasRunning"] = gateway is not null })
                : gateway is null ? "The gateway does not run." : "The gateway is stopped.");
            return 0;
        });
        return command;
    }
}
