using System.CommandLine;
using System.Globalization;
using Matriarch.Cli.Configuration;
using Matriarch.Client;
using Matriarch.Core;

namespace Matriarch.Cli;

/// <summary><c>matriarch switchover</c>: moves leadership in good order.</summary>
internal static class SwitchoverCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var directory = CliOptions.Directory();
        var to = new Option<string?>("--to")
        {
            Description = "The node that shall lead; default the replica that is furthest.",
            HelpName = "NODE",
        };
        var drain = new Option<string?>("--drain")
        {
            Description = "How long running transactions may take to end, 0s to 30s; default consensus.drain-timeout.",
            HelpName = "TIME",
        };
        var output = CliOptions.Output();
        var command = new CliCommand(
            "switchover", "Let another node lead, without losing a write; the gateway moves sessions along.")
        {
            Options = { directory, to, drain, output },
            Examples =
            [
                ("switchover", "to the best replica"),
                ("switchover --to b", "to node b"),
                ("switchover --drain 10s", "giving long transactions more time"),
            ],
        };
        command.SetAction(async (parse, cancellation) =>
        {
            var cluster = parse.ClusterOf(directory, environment);
            var start = environment.Time.GetTimestamp();
            var outcome = await AskAsync(cluster, parse.GetValue(to), Limit(parse.GetValue(drain)), cancellation);
            environment.WriteLine(parse.GetValue(output) is OutputFormat.Json
                ? Json.Text(outcome)
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"{outcome.Primary} leads {cluster.Instance} in term {outcome.Term}"
                    + $" (done in {Wording.Elapsed(environment.Time.GetElapsedTime(start))})."));
            return 0;
        });
        return command;
    }

    private static TimeSpan? Limit(string? text) =>
        text is null ? null
        : DurationText.TryParse(text, out var limit) && limit >= TimeSpan.Zero && limit <= TimeSpan.FromSeconds(30)
            ? limit
            : throw new UserException($"--drain: \"{text}\" is no duration from 0s to 30s", "such as: --drain 5s", 2);

    // The leader is asked if it can be: it then need not be found first. Any other agent will do.
    private static async Task<SwitchoverOutcome> AskAsync(
        LocalCluster cluster, string? to, TimeSpan? drain, CancellationToken cancellation)
    {
        if (to is not null)
        {
            _ = cluster.Node(to);
        }

        using var reader = new ClusterStatusReader(cluster);
        var status = await reader.ReadAsync(cancellation);
        var primary = status.Instance(cluster.Instance)?.Primary;
        var node = cluster.Nodes.Where(n => !status.Silent.ContainsKey(n.Name))
            .OrderByDescending(n => string.Equals(n.Name, primary, StringComparison.Ordinal))
            .FirstOrDefault()
            ?? throw new UserException(
                $"no agent of the cluster in {cluster.Paths.Root} answers", "start the cluster with: matriarch up");

        using var client = cluster.Connect(node);
        return await client.SwitchoverAsync(cluster.Instance, to, drain, cancellation) switch
        {
            AgentAnswer<SwitchoverOutcome>.Answered answered => answered.Value,
            AgentAnswer<SwitchoverOutcome>.Refused refused => throw new UserException(refused.Error, refused.WhatToDo),
            AgentAnswer<SwitchoverOutcome>.Unreachable gone => throw new UserException(
                $"the agent of {node.Name} did not say how the switchover ended: {gone.Reason}",
                "see who leads with: matriarch status"),
            _ => throw new InvariantException("an answer is one of three"),
        };
    }
}
