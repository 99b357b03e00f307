using System.CommandLine;
using Matriarch.Client;
using Spectre.Console;

namespace Matriarch.Cli;

/// <summary><c>matriarch status</c>: who leads, who follows, how far behind.</summary>
internal static class StatusCommand
{
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(1);

    public static Command Create(CliEnvironment environment)
    {
        var directory = CliOptions.Directory();
        var watch = new Option<bool>("--watch", "-w") { Description = "Refresh in place, every second, until Ctrl-C." };
        var output = CliOptions.Output();
        var command = new CliCommand("status", "Show every node: role, state, position, lag.")
        {
            Options = { directory, watch, output },
            Examples =
            [
                ("status", "one look"),
                ("status --watch", "refreshed in place"),
                ("status --output json", "for programs; with --watch one document a line"),
            ],
        };
        command.SetAction(async (parse, cancellation) =>
        {
            var cluster = parse.ClusterOf(directory, environment);
            var isJson = parse.GetValue(output) is OutputFormat.Json;
            using var reader = new ClusterStatusReader(cluster);
            return parse.GetValue(watch)
                ? await WatchAsync(environment, reader, isJson)
                : await OnceAsync(environment, cluster, reader, isJson, cancellation);
        });
        return command;
    }

    private static async Task<int> OnceAsync(
        CliEnvironment environment,
        LocalCluster cluster,
        ClusterStatusReader reader,
        bool isJson,
        CancellationToken cancellation)
    {
        var status = await reader.ReadAsync(cancellation);
        if (isJson)
        {
            environment.WriteLine(Json.Text(status.Document));
        }
        else
        {
            Print(environment, status);
        }

        if (status.Answered > 0)
        {
            return 0;
        }

        environment.WriteFailure(
            $"no agent of the cluster in {cluster.Paths.Root} answers",
            $"start it with: {CommandName.Find(environment)} up{CommandName.Flags(environment, cluster.Paths)}");
        return 1;
    }

    private static async Task<int> WatchAsync(CliEnvironment environment, ClusterStatusReader reader, bool isJson)
    {
        using var interrupt = new Interrupt();
        try
        {
            if (isJson || !environment.IsTerminal)
            {
                await LoopAsync(environment, reader, s => PrintPlain(environment, s, isJson), interrupt.Token);
            }
            else
            {
                await environment.Out.Live(new Text("asking the agents ...")).StartAsync(context => LoopAsync(
                    environment, reader, s => context.UpdateTarget(Picture(environment, s)), interrupt.Token));
            }
        }
        catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
        {
            // Ctrl-C is how a watch ends.
        }

        return 0;
    }

    private static async Task LoopAsync(
        CliEnvironment environment,
        ClusterStatusReader reader,
        Action<ClusterStatus> show,
        CancellationToken cancellation)
    {
        while (true)
        {
            show(await reader.ReadAsync(cancellation));
            await Task.Delay(RefreshInterval, environment.Time, cancellation);
        }
    }

    private static void PrintPlain(CliEnvironment environment, ClusterStatus status, bool isJson)
    {
        if (isJson)
        {
            environment.WriteLine(Json.Line(status.Document));
            return;
        }

        Print(environment, status);
        environment.WriteLine();
    }

    private static void Print(CliEnvironment environment, ClusterStatus status)
    {
        foreach (var line in StatusText.Lines(status.Document))
        {
            environment.WriteStyledLine(line);
        }
    }

    private static Rows Picture(CliEnvironment environment, ClusterStatus status) =>
        new(StatusText.Lines(status.Document).Select(environment.Styled));
}
