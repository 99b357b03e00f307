using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Matriarch.Client;
using Matriarch.Core;

namespace Matriarch.Cli;

/// <summary><c>matriarch gateway start</c>: starts the gateway of a local cluster.</summary>
internal static class GatewayStartCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    public static Command Create(CliEnvironment environment)
    {
        var directory = CliOptions.Directory();
        var output = CliOptions.Output();
        var command = new CliCommand("start", "Start the local cluster's gateway.")
        {
            Options = { directory, output },
            Examples = [("gateway start", "after gateway stop or gateway kill")],
        };
        command.SetAction(async (parse, cancellation) =>
        {
            var cluster = parse.ClusterOf(directory, environment);
            var running = PidFile.FindRunning(cluster.Paths, LocalGateway.ProcessName);
            var gateway = running ?? await StartAsync(environment, cluster, cancellation);
            environment.WriteLine(parse.GetValue(output) is OutputFormat.Json
                ? Json.Text(new JsonObject { ["gatewayPid"] = gateway.Pid, ["wasRunning"] = running is not null })
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"The gateway {(running is null ? "is started" : "already runs")} (pid {gateway.Pid})."));
            return 0;
        });
        return command;
    }

    private static async Task<ProcessIdentity> StartAsync(
        CliEnvironment environment, LocalCluster cluster, CancellationToken cancellation)
    {
        var (host, port) = (cluster.Gateway.Host, cluster.Gateway.Port);
        Preflight.GatewayPortIsFree(host, port);
        var gateway = new ProcessLauncher(environment.Program).StartGateway(cluster);
        var isListening = await Deadline.WaitAsync(
            () => !gateway.IsAlive || !Ports.IsFree(host, port), Limit, environment.Time, cancellation);
        if (isListening && gateway.IsAlive)
        {
            return gateway;
        }

        var log = cluster.Paths.Log(LocalGateway.ProcessName);
        foreach (var line in LogTail.Read(log, 15))
        {
            environment.WriteRemark("  | " + line);
        }

        throw new UserException(
            gateway.IsAlive ? "the gateway does not listen" : "the gateway ended as soon as it was started",
            $"read its log: {log}");
    }
}
