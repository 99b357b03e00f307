using System.Diagnostics;
using System.Globalization;
using Matriarch.Client;
using Matriarch.Core;

namespace Matriarch.Cli.Tests;

/// <summary>
/// A process that looks like an agent from outside: it reads the configuration that <c>up</c> wrote, answers the API,
/// and leads a "server" that runs in its data directory as a postmaster does. Node a is the primary.
/// </summary>
internal static class FakeAgentProcess
{
    public static async Task<int> RunAsync(string mode, string config)
    {
        var settings = new AgentSettingsSet();
        ProcessConfiguration.Load(ProcessKind.Agent, config, [], settings.All());
        var name = settings.Node.Name;
        if (mode == "agents-end" && name == "b")
        {
            await Console.Error.WriteLineAsync("this is why the agent of b ended");
            return 3;
        }

        using var postmaster = StartServer(Path.Combine(settings.Node.Directory, "data"));
        var ended = new TaskCompletionSource();
        var token = SecretFile.Read(settings.Secrets, SecretNames.ApiToken);
        await using var server = await FakeAgentServer.StartAsync(ListenAddress.Parse(settings.Api.Listen).Port, token);
        server.Local = new LocalStatus(name, Environment.ProcessId, postmaster.Id);
        server.Status = StatusOf(settings, postmaster.Id);
        server.OnShutdown = postgres =>
        {
            if (postgres is PostgresAtShutdown.Stop)
            {
                postmaster.Kill();
                postmaster.WaitForExit();
            }

            ended.TrySetResult();
        };
        await ended.Task;
        return 0;
    }

    private static StatusDocument StatusOf(AgentSettingsSet settings, int postmaster)
    {
        var isPrimary = settings.Node.Name == "a";
        var node = new NodeStatus(
            settings.Node.Name,
            settings.Node.Cell,
            isPrimary ? NodeRole.Primary : NodeRole.Replica,
            isPrimary ? NodeState.Serving : NodeState.Streaming,
            settings.Postgres.Host,
            settings.Postgres.Port,
            postmaster,
            Environment.ProcessId,
            "0/3000148",
            isPrimary ? null : 0,
            1,
            null);
        return new StatusDocument([new InstanceStatus("main", 1, 1, "a", "majority (2 of 3)", [node])]);
    }

    private static Process StartServer(string data)
    {
        Directory.CreateDirectory(data);
        var server = Process.Start(new ProcessStartInfo("sleep", ["600"]) { WorkingDirectory = data })!;
        File.WriteAllText(
            Path.Combine(data, "postmaster.pid"),
            server.Id.ToString(CultureInfo.InvariantCulture) + "\n" + data + "\n");
        return server;
    }
}
