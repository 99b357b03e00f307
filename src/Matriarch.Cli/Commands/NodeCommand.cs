using System.CommandLine;
using System.Globalization;
using Matriarch.Core;

namespace Matriarch.Cli;

/// <summary><c>matriarch node</c>: the members of an instance.</summary>
internal static class NodeCommand
{
    public static Command Create(CliEnvironment environment) => new CliCommand(
        "node", "Remove a node that is gone, or go on with one node when a majority is gone.")
    {
        Subcommands = { Remove(environment), Recover(environment) },
        Examples =
        [
            ("node remove c", "c is gone for good: commits and elections no longer count it"),
            ("node recover b --accept-data-loss", "only b is left: it goes on alone with what it has"),
        ],
    };

    private static CliCommand Remove(CliEnvironment environment)
    {
        var directory = CliOptions.Directory();
        var output = CliOptions.Output();
        var name = new Argument<string>("name") { Description = "The node.", HelpName = "NODE" };
        var command = new CliCommand(
            "remove", "Strike a node that is gone off its instance: its vote, its slots, its record.")
        {
            Arguments = { name },
            Options = { directory, output },
            Examples = [("node remove c", "refused while the agent of c runs; a node that comes back joins anew")],
        };
        command.SetAction(async (parse, cancellation) =>
        {
            var cluster = parse.ClusterOf(directory, environment);
            var node = parse.GetValue(name)!;
            var outcome = await InstanceQuestion.AskAsync(
                cluster, "the removal", c => c.RemoveNodeAsync(cluster.Instance, node, cancellation), cancellation);
            environment.WriteLine(parse.GetValue(output) is OutputFormat.Json
                ? Json.Text(outcome)
                : $"{outcome.Node} is no member of {cluster.Instance} any more"
                    + (outcome.WasVoter ? ", and no voter." : "."));
            return 0;
        });
        return command;
    }

    private static CliCommand Recover(CliEnvironment environment)
    {
        var directory = CliOptions.Directory();
        var output = CliOptions.Output();
        var name = new Argument<string>("name")
        {
            Description = "The node that goes on; take the one with the highest LSN.",
            HelpName = "NODE",
        };
        var accept = new Option<bool>("--accept-data-loss")
        {
            Description = "Needed: acknowledged writes that only the lost nodes hold are lost.",
        };
        var command = new CliCommand(
            "recover", "When a majority of the voters is gone for good: let one node go on alone.")
        {
            Arguments = { name },
            Options = { accept, directory, output },
            Examples = [("node recover b --accept-data-loss", "refused while an election could still succeed")],
        };
        command.SetAction(async (parse, cancellation) =>
        {
            var cluster = parse.ClusterOf(directory, environment);
            var node = cluster.Node(parse.GetValue(name)!);
            if (!parse.GetValue(accept))
            {
                throw new UserException(
                    "going on without a majority may lose acknowledged writes, and must not be done while the others "
                    + "live somewhere",
                    "bring a majority back, or add --accept-data-loss", 2);
            }

            var outcome = await InstanceQuestion.AskAsync(
                cluster, node, "the recovery", c => c.RecoverAsync(cluster.Instance, cancellation));
            environment.WriteLine(parse.GetValue(output) is OutputFormat.Json
                ? Json.Text(outcome)
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"{outcome.Primary} leads {cluster.Instance} alone in term {outcome.Term}; "
                    + $"nodes that come back follow it."));
            return 0;
        });
        return command;
    }
}
