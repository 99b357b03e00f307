using System.CommandLine;
using System.Text.Json.Nodes;
using Matriarch.Client;

namespace Matriarch.Cli;

/// <summary><c>matriarch up</c>: makes or resumes a cluster on this machine.</summary>
internal static class UpCommand
{
    /// <summary>The variable that names PostgreSQL's programs, the same as for an agent.</summary>
    private const string BinVariable = "MATRIARCH_POSTGRES_BIN_DIRECTORY";

    public static Command Create(CliEnvironment environment)
    {
        var directory = CliOptions.Directory();
        var port = CliOptions.Number("--port", $"Port for clients; default {UpRequest.DefaultPort}.", 1, 65535);
        var nodes = CliOptions.Number(
            "--nodes", $"Number of nodes; default {UpRequest.DefaultNodeCount}.", 1, UpRequest.MostNodes);
        var durability = CliOptions.Durability();
        var detach = new Option<bool>("--detach", "-d") { Description = "Return as soon as the cluster serves." };
        var bin = new Option<string?>("--postgres-bin")
        {
            Description =
                $"Directory of PostgreSQL's programs; default {BinVariable}, then the newest that is installed.",
            HelpName = "DIR",
        };
        var store = CliOptions.Store();
        var cellStores = CliOptions.CellStores();
        var output = CliOptions.Output();
        var command = new CliCommand("up", "Make a cluster on this machine, or resume the one that is there.")
        {
            Options = { directory, port, nodes, durability, store, cellStores, detach, bin, output },
            Examples =
            [
                ("up", "three nodes and a gateway on port 6432, until Ctrl-C"),
                ("up --detach", "the same, in the background"),
                ("up --dir two --port 7432 --detach", "a second cluster beside the first"),
                ("up --nodes 5 --durability 3", "five nodes, every commit on three"),
                ("up --store etcd://127.0.0.1:2379", "its records in etcd instead of a file of its own"),
                ("up --cell-stores", "a store for each cell: cut one off, or take the global one away"),
            ],
        };
        command.SetAction((parse, _) => RunAsync(
            environment,
            parse.PathsOf(directory, environment),
            new UpRequest(
                parse.GetValue(port),
                parse.GetValue(nodes),
                parse.GetValue(durability),
                parse.GetValue(bin) ?? environment.Variable(BinVariable),
                parse.GetValue(store),
                parse.GetResult(cellStores) is null ? null : parse.GetValue(cellStores) ?? UpRequest.OwnFiles),
            parse.GetValue(detach),
            parse.GetValue(output)));
        return command;
    }

    private static async Task<int> RunAsync(
        CliEnvironment environment, ClusterPaths paths, UpRequest request, bool isDetached, OutputFormat format)
    {
        using var interrupt = new Interrupt();
        var isJson = format is OutputFormat.Json;
        var display = new StartDisplay(environment, isSilent: isJson);
        var outcome = await new ClusterUp(environment).RunAsync(paths, request, display, interrupt.Token);
        Print(environment, outcome, display.Elapsed, isDetached, isJson);
        if (!outcome.Look.IsReady)
        {
            environment.WriteFailure(
                $"the cluster serves, but not all of it is there: {string.Join("; ", outcome.Look.Missing)}",
                "see matriarch status and matriarch events; what runs was left running");
        }

        if (isDetached || outcome.WasRunning)
        {
            return outcome.Look.IsReady ? 0 : 1;
        }

        await EventsCommand.FollowAsync(environment, outcome.Cluster, isJson, interrupt.Token);
        return await DownCommand.StopAsync(environment, outcome.Cluster, isJson);
    }

    private static void Print(
        CliEnvironment environment, ClusterUp.Outcome outcome, TimeSpan elapsed, bool isDetached, bool isJson)
    {
        var url = Connections.Url(outcome.Cluster);
        if (isJson)
        {
            environment.WriteLine(Json.Text(new JsonObject
            {
                ["directory"] = outcome.Cluster.Paths.Root,
                ["connectionString"] = url,
                ["replicaConnectionString"] = Connections.Url(outcome.Cluster, Connections.ReplicaDatabase),
                ["wasRunning"] = outcome.WasRunning,
                ["ready"] = outcome.Look.IsReady,
                ["elapsedSeconds"] = Math.Round(elapsed.TotalSeconds, 3),
                ["instances"] = Json.Node(outcome.Look.Status.Document.Instances),
            }));
            return;
        }

        var name = CommandName.Find(environment);
        var flags = CommandName.Flags(environment, outcome.Cluster.Paths);
        if (!environment.IsTerminal)
        {
            environment.WriteLine();
        }

        foreach (var line in UpScreen.Lines(outcome, url, name, flags, elapsed, isDetached))
        {
            environment.WriteStyledLine(line);
        }
    }
}
