using System.CommandLine;
using Matriarch.Client;
using Matriarch.Core;

namespace Matriarch.Cli;

/// <summary><c>matriarch durability</c>: how many copies a commit needs.</summary>
internal static class DurabilityCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var directory = CliOptions.Directory();
        var output = CliOptions.Output();
        var policy = new Argument<string?>("policy")
        {
            Description = "majority, async, a number of copies, or N-cells; COPIES:N-cells combines the two. "
                + "Without it the command shows what is in force.",
            HelpName = "POLICY",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new CliCommand(
            "durability", "Show or change how many copies a commit needs before it is acknowledged.")
        {
            Arguments = { policy },
            Options = { directory, output },
            Examples =
            [
                ("durability", "what is in force"),
                ("durability majority", "the default: whatever majority survives knows every acknowledged write"),
                ("durability 2-cells", "two copies, in two cells"),
                ("durability async", "the primary's copy alone: a failover may lose acknowledged writes"),
            ],
        };
        command.SetAction(async (parse, cancellation) =>
        {
            var cluster = parse.ClusterOf(directory, environment);
            var outcome = parse.GetValue(policy) is { } wanted
                ? await InstanceQuestion.AskAsync(
                    cluster, "the change", c => c.SetDurabilityAsync(cluster.Instance, wanted, cancellation),
                    cancellation)
                : await ReadAsync(cluster, cancellation);
            environment.WriteLine(parse.GetValue(output) is OutputFormat.Json
                ? Json.Text(outcome)
                : $"{cluster.Instance}: durability {outcome.Durability}");
            return 0;
        });
        return command;
    }

    private static async Task<DurabilityOutcome> ReadAsync(LocalCluster cluster, CancellationToken cancellation)
    {
        using var reader = new ClusterStatusReader(cluster);
        var status = await reader.ReadAsync(cancellation);
        return status.Instance(cluster.Instance) is { } instance
            ? new DurabilityOutcome(instance.Durability)
            : throw new UserException(
                $"no agent of the cluster in {cluster.Paths.Root} answers", "start the cluster with: matriarch up");
    }
}
