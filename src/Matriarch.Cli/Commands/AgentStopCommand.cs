using System.CommandLine;
using System.Text.Json.Nodes;
using Matriarch.Client;
using Matriarch.Core;

namespace Matriarch.Cli;

/// <summary>
/// <c>matriarch agent stop NAME</c>: ends a node's agent in order, and its PostgreSQL unless that is to stay.
/// </summary>
internal static class AgentStopCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static Command Create(CliEnvironment environment)
    {
        var name = CliOptions.Node();
        var directory = CliOptions.Directory();
        var keep = new Option<bool>("--keep-postgres")
        {
            Description = "Leave PostgreSQL running; the next agent adopts it.",
        };
        var output = CliOptions.Output();
        var command = new CliCommand("stop", "Stop a node's agent and its PostgreSQL in order.")
        {
            Arguments = { name },
            Options = { directory, keep, output },
            Examples =
            [
                ("agent stop a", "the agent and its PostgreSQL"),
                ("agent stop a --keep-postgres", "the agent only, for example to replace it"),
            ],
        };
        command.SetAction(async (parse, cancellation) =>
        {
            var cluster = parse.ClusterOf(directory, environment);
            var node = cluster.Node(parse.GetValue(name)!);
            var isKept = parse.GetValue(keep);
            var wasRunning = await StopAsync(environment, cluster, node, isKept, cancellation);
            environment.WriteLine(parse.GetValue(output) is OutputFormat.Json
                ? Json.Text(
                    new JsonObject { ["node"] = node.Name, ["wasRunning"] = wasRunning, ["postgresKept"] = isKept })
                : wasRunning ? $"Node {node.Name} is stopped{(isKept ? "; its PostgreSQL goes on" : "")}."
                : $"Node {node.Name} does not run.");
            return 0;
        });
        return command;
    }

    private static async Task<bool> StopAsync(
        CliEnvironment environment, LocalCluster cluster, LocalNode node, bool isKept, CancellationToken cancellation)
    {
        var running = await ClusterProcesses.FindAsync(cluster, cancellation);
        var agent = running.Agents.GetValueOrDefault(node.Name);
        var postmaster = isKept ? null : running.Postmasters.GetValueOrDefault(node.Name);
        if (agent is null)
        {
            // Nobody leads the server any more: a fast shutdown, straight to it.
            postmaster?.Signal(Signals.Interrupt);
        }
        else
        {
            using var client = cluster.Connect(node);
            var answer = await client.ShutdownAsync(
                isKept ? PostgresAtShutdown.Keep : PostgresAtShutdown.Stop, cancellation);
            if (answer is AgentAnswer<bool>.Refused refused)
            {
                throw new UserException(refused.Error, refused.WhatToDo);
            }

            if (answer is AgentAnswer<bool>.Unreachable gone)
            {
                throw new UserException(
                    $"the agent of {node.Name} does not answer: {gone.Reason}",
                    $"end it with: matriarch agent kill {node.Name}");
            }
        }

        var ended = await Deadline.WaitAsync(
            () => agent is not { IsAlive: true } && postmaster is not { IsAlive: true },
            Limit,
            environment.Time,
            cancellation);
        return ended
            ? agent is not null || postmaster is not null
            : throw new UserException(
                $"node {node.Name} has not stopped within {Limit.TotalSeconds} s",
                $"read {cluster.Paths.Log(node.ProcessName)}, or end it with: matriarch agent kill {node.Name}");
    }
}
