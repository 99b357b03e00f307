using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Matriarch.Client;
using Matriarch.Core;

namespace Matriarch.Cli;

/// <summary><c>matriarch agent start NAME</c>: starts the agent of a node of a local cluster.</summary>
internal static class AgentStartCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    public static Command Create(CliEnvironment environment)
    {
        var name = CliOptions.Node();
        var directory = CliOptions.Directory();
        var output = CliOptions.Output();
        var command = new CliCommand("start", "Start a node's agent; PostgreSQL follows, and rejoins by itself.")
        {
            Arguments = { name },
            Options = { directory, output },
            Examples = [("agent start a", "after agent stop or agent kill")],
        };
        command.SetAction(async (parse, cancellation) =>
        {
            var cluster = parse.ClusterOf(directory, environment);
            var node = cluster.Node(parse.GetValue(name)!);
            var running = (await ClusterProcesses.FindAsync(cluster, cancellation)).Agents.GetValueOrDefault(node.Name);
            var agent = running ?? await StartAsync(environment, cluster, node, cancellation);
            environment.WriteLine(parse.GetValue(output) is OutputFormat.Json
                ? Json.Text(new JsonObject
                {
                    ["node"] = node.Name, ["agentPid"] = agent.Pid, ["wasRunning"] = running is not null,
                })
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"The agent of {node.Name} {(running is null ? "is started" : "already runs")}"
                    + $" (pid {agent.Pid})."));
            return 0;
        });
        return command;
    }

    private static async Task<ProcessIdentity> StartAsync(
        CliEnvironment environment, LocalCluster cluster, LocalNode node, CancellationToken cancellation)
    {
        var log = cluster.Paths.Log(node.ProcessName);
        var agent = new ProcessLauncher(environment.Program).StartAgent(cluster, node);
        using var client = cluster.Connect(node);
        var start = environment.Time.GetTimestamp();
        while (await client.LocalAsync(cancellation) is not AgentAnswer<LocalStatus>.Answered)
        {
            if (!agent.IsAlive || environment.Time.GetElapsedTime(start) > Limit)
            {
                foreach (var line in LogTail.Read(log, 15))
                {
                    environment.WriteRemark("  | " + line);
                }

                var what = agent.IsAlive ? "does not answer" : "ended as soon as it was started";
                throw new UserException($"the agent of {node.Name} {what}", $"read its log: {log}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), environment.Time, cancellation);
        }

        return agent;
    }
}
