using System.CommandLine;
using System.Text.Json.Nodes;
using Matriarch.Client;
using Matriarch.Core;

namespace Matriarch.Cli;

/// <summary><c>matriarch agent kill NAME</c>: kill -9, for people who like to see what happens then.</summary>
internal static class AgentKillCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public static Command Create(CliEnvironment environment)
    {
        var name = CliOptions.Node();
        var directory = CliOptions.Directory();
        var agentOnly = new Option<bool>("--agent-only") { Description = "Only the agent; PostgreSQL goes on." };
        var postgresOnly = new Option<bool>("--postgres-only") { Description = "Only PostgreSQL; the agent sees it." };
        var output = CliOptions.Output();
        var command = new CliCommand("kill", "Kill -9 a node: its agent and its PostgreSQL together.")
        {
            Arguments = { name },
            Options = { directory, agentOnly, postgresOnly, output },
            Examples =
            [
                ("agent kill a", "the whole node, at once"),
                ("agent kill a --postgres-only", "what a crash of PostgreSQL does"),
                ("agent kill a --agent-only", "what a crash of the agent does"),
            ],
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(agentOnly) && result.GetValue(postgresOnly))
            {
                result.AddError("--agent-only and --postgres-only exclude each other");
            }
        });
        command.SetAction(async (parse, cancellation) =>
        {
            var cluster = parse.ClusterOf(directory, environment);
            var node = cluster.Node(parse.GetValue(name)!);
            var running = await ClusterProcesses.FindAsync(cluster, cancellation);
            var agent = parse.GetValue(postgresOnly) ? null : running.Agents.GetValueOrDefault(node.Name);
            var postmaster = parse.GetValue(agentOnly) ? null : running.Postmasters.GetValueOrDefault(node.Name);
            await KillAsync(environment, node, agent, postmaster, cancellation);
            environment.WriteLine(parse.GetValue(output) is OutputFormat.Json
                ? Json.Text(new JsonObject
                {
                    ["node"] = node.Name, ["agentPid"] = agent?.Pid, ["postmasterPid"] = postmaster?.Pid,
                })
                : Report(node, agent, postmaster));
            return 0;
        });
        return command;
    }

    private static async Task KillAsync(
        CliEnvironment environment,
        LocalNode node,
        ProcessIdentity? agent,
        ProcessIdentity? postmaster,
        CancellationToken cancellation)
    {
        if (agent is null && postmaster is null)
        {
            throw new UserException($"nothing of node {node.Name} runs that could be killed", "see matriarch status");
        }

        // The agent first: it must not see its server die, or this would be another kind of failure.
        agent?.Signal(Signals.Kill);
        postmaster?.Signal(Signals.Kill);
        if (!await Deadline.WaitAsync(
            () => agent is not { IsAlive: true } && postmaster is not { IsAlive: true },
            Limit,
            environment.Time,
            cancellation))
        {
            throw new UserException(
                $"node {node.Name} was signalled but has not ended",
                "run the command as the user that made the cluster");
        }
    }

    private static string Report(LocalNode node, ProcessIdentity? agent, ProcessIdentity? postmaster)
    {
        string?[] killed =
        [
            agent is null ? null : $"the agent (pid {agent.Pid})",
            postmaster is null ? null : $"PostgreSQL (pid {postmaster.Pid})",
        ];
        return $"Killed {string.Join(" and ", killed.Where(k => k is not null))} of node {node.Name}.";
    }
}
