using System.CommandLine;
using Matriarch.Client;

namespace Matriarch.Cli;

/// <summary><c>matriarch pause</c> and <c>matriarch resume</c>: maintenance without automatic failover.</summary>
internal static class PauseCommand
{
    public static Command CreatePause(CliEnvironment environment)
    {
        var reason = new Option<string>("--reason")
        {
            Description = "Why, for other people; up to 200 characters.",
            HelpName = "TEXT",
            DefaultValueFactory = _ => "",
        };
        return Create(
            environment, "pause",
            "Hold automatic failover, membership changes and restarts by agents, for maintenance.", reason,
            parse => (true, parse.GetValue(reason) ?? ""),
            [
                ("pause --reason \"kernel update\"", "from now on nothing is promoted, started or struck off"),
                ("resume", "back to normal"),
            ]);
    }

    public static Command CreateResume(CliEnvironment environment) => Create(
        environment, "resume", "End a pause: failover is automatic again.", null, _ => (false, ""),
        [("resume", "whatever failed meanwhile is healed now")]);

    private static CliCommand Create(
        CliEnvironment environment, string name, string description, Option<string>? reason,
        Func<ParseResult, (bool IsPaused, string Reason)> request,
        IReadOnlyList<(string Line, string Meaning)> examples)
    {
        var directory = CliOptions.Directory();
        var output = CliOptions.Output();
        var command = new CliCommand(name, description) { Options = { directory, output }, Examples = examples };
        if (reason is not null)
        {
            command.Options.Add(reason);
        }

        command.SetAction(async (parse, cancellation) =>
        {
            var cluster = parse.ClusterOf(directory, environment);
            var (isPaused, text) = request(parse);
            var outcome = await InstanceQuestion.AskAsync(
                cluster, $"the {name}", c => c.PauseAsync(cluster.Instance, isPaused, text, cancellation),
                cancellation);
            environment.WriteLine(parse.GetValue(output) is OutputFormat.Json
                ? Json.Text(outcome)
                : outcome.Paused
                    ? $"{cluster.Instance} is paused: no failover until matriarch resume."
                    : $"{cluster.Instance} is not paused: failover is automatic.");
            return 0;
        });
        return command;
    }
}
