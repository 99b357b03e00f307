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
        var verbose = new Option<bool>("--verbose", "-v") { Description = "Show also the facts that are well." };
        var output = CliOptions.Output();
        var command = new CliCommand("status", "Show what holds now, and every node: role, state, position, lag.")
        {
            Options = { directory, watch, verbose, output },
            Examples =
            [
                ("status", "one look"),
                ("status --watch", "refreshed in place"),
                ("status --verbose", "all facts, also those that are well"),
                ("status --output json", "for programs; with --watch one document a line"),
            ],
        };
        command.SetAction(async (parse, cancellation) =>
        {
            var cluster = parse.ClusterOf(directory, environment);
            var isJson = parse.GetValue(output) is OutputFormat.Json;
            using var reader = new ClusterStatusReader(cluster);
            using var gateway = new GatewayLook(cluster, environment.Time);
            var asked = new Request(environment, cluster, reader, gateway, isJson, parse.GetValue(verbose));
            return parse.GetValue(watch) ? await asked.WatchAsync() : await asked.OnceAsync(cancellation);
        });
        return command;
    }

    /// <summary>One command that was given.</summary>
    private sealed record Request(
        CliEnvironment Environment, LocalCluster Cluster, ClusterStatusReader Reader, GatewayLook Gateway, bool IsJson,
        bool IsVerbose)
    {
        public async Task<int> OnceAsync(CancellationToken cancellation)
        {
            var status = await ReadAsync(cancellation);
            if (IsJson)
            {
                Environment.WriteLine(Json.Text(status.Document));
            }
            else
            {
                Print(status);
            }

            if (status.Answered > 0)
            {
                return 0;
            }

            Environment.WriteFailure(
                $"no agent of the cluster in {Cluster.Paths.Root} answers",
                $"start it with: {CommandName.Find(Environment)} up{CommandName.Flags(Environment, Cluster.Paths)}");
            return 1;
        }

        public async Task<int> WatchAsync()
        {
            using var interrupt = new Interrupt();
            try
            {
                if (IsJson || !Environment.IsTerminal)
                {
                    await LoopAsync(PrintPlain, interrupt.Token);
                }
                else
                {
                    await Environment.Out.Live(new Text("asking the agents ...")).StartAsync(context =>
                        LoopAsync(s => context.UpdateTarget(Picture(s)), interrupt.Token));
                }
            }
            catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
            {
                // Ctrl-C is how a watch ends.
            }

            return 0;
        }

        private async Task<ClusterStatus> ReadAsync(CancellationToken cancellation) =>
            await Gateway.AddToAsync(await Reader.ReadAsync(cancellation), cancellation);

        private async Task LoopAsync(Action<ClusterStatus> show, CancellationToken cancellation)
        {
            while (true)
            {
                show(await ReadAsync(cancellation));
                await Task.Delay(RefreshInterval, Environment.Time, cancellation);
            }
        }

        private void PrintPlain(ClusterStatus status)
        {
            if (IsJson)
            {
                Environment.WriteLine(Json.Line(status.Document));
                return;
            }

            Print(status);
            Environment.WriteLine();
        }

        private void Print(ClusterStatus status)
        {
            foreach (var line in StatusText.Lines(status.Document, IsVerbose))
            {
                Environment.WriteStyledLine(line);
            }
        }

        private Rows Picture(ClusterStatus status) =>
            new(StatusText.Lines(status.Document, IsVerbose).Select(Environment.Styled));
    }
}
