using System.CommandLine;
using Matriarch.Client;
using Matriarch.Core;

namespace Matriarch.Cli;

/// <summary><c>matriarch events</c>: what happened and why.</summary>
internal static class EventsCommand
{
    private const int DefaultLimit = 50;
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);

    public static Command Create(CliEnvironment environment)
    {
        var directory = CliOptions.Directory();
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with what comes, until Ctrl-C." };
        var limit = CliOptions.Number(
            "--limit", $"The newest N; default {DefaultLimit}.", 1, EventFeed.MostAtOnce);
        var output = CliOptions.Output();
        var command = new CliCommand("events", "Tell what happened in the cluster, with reasons.")
        {
            Options = { directory, follow, limit, output },
            Examples =
            [
                ("events", $"the newest {DefaultLimit}"),
                ("events --follow", "and those to come"),
                ("events --limit 1000 --output json", "for programs; with --follow one event a line"),
            ],
        };
        command.SetAction(async (parse, cancellation) =>
        {
            var cluster = parse.ClusterOf(directory, environment);
            var isJson = parse.GetValue(output) is OutputFormat.Json;
            var count = parse.GetValue(limit) ?? DefaultLimit;
            if (!parse.GetValue(follow))
            {
                await OnceAsync(environment, cluster, count, isJson, cancellation);
                return 0;
            }

            using var interrupt = new Interrupt();
            await FollowAsync(environment, cluster, isJson, interrupt.Token, count);
            return 0;
        });
        return command;
    }

    /// <summary>Prints events as they come, until cancelled. Silence of all agents is waited out.</summary>
    public static async Task FollowAsync(
        CliEnvironment environment,
        LocalCluster cluster,
        bool isJson,
        CancellationToken cancellation,
        int limit = DefaultLimit)
    {
        using var feed = new EventFeed(cluster);
        var text = new EventText(cluster);
        if (!isJson)
        {
            environment.WriteLine();
            environment.WriteStyledLine(text.Header());
        }

        try
        {
            var wanted = limit;
            while (true)
            {
                var events = await ReadPatientlyAsync(feed, wanted, cancellation);
                Print(environment, text, events, isJson);
                wanted = events.Count > 0 ? EventFeed.MostAtOnce : wanted;
                await Task.Delay(PollInterval, environment.Time, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Ctrl-C is how it ends.
        }
    }

    /// <summary>An outage of the store is waited out, as the silence of all agents is.</summary>
    private static async Task<IReadOnlyList<EventEntry>> ReadPatientlyAsync(
        EventFeed feed, int limit, CancellationToken cancellation)
    {
        try
        {
            return await feed.ReadAsync(limit, cancellation) ?? [];
        }
        catch (UserException)
        {
            return []; // asked again soon; without --follow the same answer ends the command
        }
    }

    private static async Task OnceAsync(
        CliEnvironment environment, LocalCluster cluster, int limit, bool isJson, CancellationToken cancellation)
    {
        using var feed = new EventFeed(cluster);
        var events = await feed.ReadAsync(limit, cancellation) ?? throw new UserException(
            $"no agent of the cluster in {cluster.Paths.Root} answers",
            $"start it with: {CommandName.Find(environment)} up{CommandName.Flags(environment, cluster.Paths)}");
        if (isJson)
        {
            environment.WriteLine(Json.Text(new EventsDocument(events)));
            return;
        }

        if (events.Count == 0)
        {
            environment.WriteLine("No events yet.");
            return;
        }

        var text = new EventText(cluster);
        environment.WriteStyledLine(text.Header());
        Print(environment, text, events, isJson: false);
    }

    private static void Print(CliEnvironment environment, EventText text, IReadOnlyList<EventEntry> events, bool isJson)
    {
        foreach (var entry in events)
        {
            if (isJson)
            {
                environment.WriteLine(Json.Line(entry));
            }
            else
            {
                environment.WriteStyledLine(text.Line(entry));
            }
        }
    }
}
