using System.CommandLine;
using System.Text.Json.Nodes;
using Matriarch.Client;
using Matriarch.Core;

namespace Matriarch.Cli;

/// <summary><c>matriarch down</c>: stops a local cluster, and on request removes it.</summary>
internal static class DownCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var directory = CliOptions.Directory();
        var destroy = new Option<bool>("--destroy") { Description = "Then remove the cluster with all its data." };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask before --destroy." };
        var output = CliOptions.Output();
        var command = new CliCommand("down", "Stop every process of the cluster; its data stays.")
        {
            Options = { directory, destroy, yes, output },
            Examples =
            [
                ("down", "up resumes it later"),
                ("down --destroy", "and remove its data, after a question"),
                ("down --destroy --yes --dir two", "the cluster in the directory two, without a question"),
            ],
        };
        command.SetAction(async (parse, _) =>
        {
            var paths = parse.PathsOf(directory, environment);
            var isJson = parse.GetValue(output) is OutputFormat.Json;
            if (LocalCluster.TryOpen(paths) is not { } cluster)
            {
                return NothingThere(environment, paths, isJson);
            }

            if (!parse.GetValue(destroy))
            {
                return await StopAsync(environment, cluster, isJson);
            }

            if (!parse.GetValue(yes))
            {
                await ConfirmAsync(environment, cluster);
            }

            return await DestroyAsync(environment, cluster, isJson);
        });
        return command;
    }

    /// <summary>
    /// Stops the cluster and says so; also what ends <c>up</c> in the foreground. Not to be interrupted.
    /// </summary>
    public static async Task<int> StopAsync(CliEnvironment environment, LocalCluster cluster, bool isJson)
    {
        using var turn = ClusterLock.Take(cluster.Paths);
        var start = environment.Time.GetTimestamp();
        if (!isJson && environment.IsTerminal)
        {
            environment.WriteLine("Stopping ...");
        }

        var stopped = await new ClusterStop(cluster, environment.Time).RunAsync(CancellationToken.None);
        if (isJson)
        {
            environment.WriteLine(Json.Text(Document(cluster.Paths, stopped, isDestroyed: false)));
        }
        else
        {
            environment.WriteLine(stopped.AreNone
                ? "Nothing was running."
                : $"Stopped {Describe(stopped)} in {Wording.Elapsed(environment.Time.GetElapsedTime(start))}.");
            environment.WriteLine(
                $"The data stays in {cluster.Paths.Root}; resume it with: {CommandName.Find(environment)} up"
                + CommandName.Flags(environment, cluster.Paths));
        }

        return 0;
    }

    private static async Task<int> DestroyAsync(CliEnvironment environment, LocalCluster cluster, bool isJson)
    {
        ClusterProcesses stopped;
        IReadOnlyList<string> left;
        using (ClusterLock.Take(cluster.Paths))
        {
            stopped = await new ClusterStop(cluster, environment.Time).RunAsync(CancellationToken.None);
            left = ClusterRemoval.Run(cluster);
        }

        if (left.Count == 0)
        {
            Directory.Delete(cluster.Paths.Root);
        }

        if (isJson)
        {
            environment.WriteLine(Json.Text(Document(cluster.Paths, stopped, isDestroyed: true)));
            return 0;
        }

        environment.WriteLine(stopped.AreNone ? "Nothing was running." : $"Stopped {Describe(stopped)}.");
        environment.WriteLine(left.Count == 0
            ? $"Removed {cluster.Paths.Root} and all its data."
            : $"Removed the cluster; left what is not of it: {string.Join(", ", left)}");
        return 0;
    }

    private static async Task ConfirmAsync(CliEnvironment environment, LocalCluster cluster)
    {
        if (!environment.CanAsk)
        {
            throw new UserException(
                $"--destroy removes all data of the cluster in {cluster.Paths.Root} and there is nobody to ask",
                "add --yes if that is what you want");
        }

        environment.Error.Profile.Out.Writer.Write(
            $"Remove the cluster in {cluster.Paths.Root} and all its data for good? Type yes: ");
        var answer = await environment.In.ReadLineAsync();
        if (!string.Equals(answer?.Trim(), "yes", StringComparison.OrdinalIgnoreCase))
        {
            throw new UserException("not confirmed: nothing was stopped or removed");
        }
    }

    // Down is what it makes sure of, so a second one succeeds; but a wrong directory must not look like success.
    private static int NothingThere(CliEnvironment environment, ClusterPaths paths, bool isJson)
    {
        if (File.Exists(paths.Root)
            || (Directory.Exists(paths.Root) && Directory.EnumerateFileSystemEntries(paths.Root).Any()))
        {
            throw new UserException(
                $"{paths.Root} is not a matriarch cluster", "name its directory with --dir; nothing was touched");
        }

        environment.WriteLine(isJson
            ? Json.Text(new JsonObject { ["directory"] = paths.Root, ["exists"] = false })
            : $"There is no cluster in {paths.Root}.");
        return 0;
    }

    private static string Describe(ClusterProcesses stopped)
    {
        string?[] parts =
        [
            Count(stopped.Agents.Count, "agent"),
            Count(stopped.Postmasters.Count, "PostgreSQL server"),
            stopped.Gateway is null ? null : "the gateway",
        ];
        return string.Join(", ", parts.Where(p => p is not null));
    }

    private static string? Count(int count, string what) => count switch
    {
        0 => null,
        1 => $"1 {what}",
        _ => $"{count} {what}s",
    };

    private static JsonObject Document(ClusterPaths paths, ClusterProcesses stopped, bool isDestroyed) => new()
    {
        ["directory"] = paths.Root,
        ["exists"] = true,
        ["stopped"] = new JsonObject
        {
            ["agents"] = stopped.Agents.Count,
            ["postgres"] = stopped.Postmasters.Count,
            ["gateway"] = stopped.Gateway is not null,
        },
        ["destroyed"] = isDestroyed,
    };
}
