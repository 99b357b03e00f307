using System.Net;
using System.Net.Sockets;
using Matriarch.Client;
using Matriarch.Core;

namespace Matriarch.Cli.Tests;

public sealed class UpAndDownTests
{
    private const UnixFileMode OwnerReadsAndWrites = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerOnly = OwnerReadsAndWrites | UnixFileMode.UserExecute;

    [Fact]
    public async Task Up_makes_a_cluster_that_status_shows_and_down_stops()
    {
        await using var sandbox = new Sandbox();
        var port = FreePort();

        var up = await sandbox.RunHereAsync("up", "--detach", "--port", Text(port));

        Assert.Equal((0, ""), (up.Code, up.Error));
        var cluster = LocalCluster.Open(sandbox.Paths);
        var password = cluster.ReadSecret(SecretNames.SuperuserPassword);
        Assert.Contains(
            $"  postgres://postgres:{password}@127.0.0.1:{port}/postgres\n", up.Out, StringComparison.Ordinal);
        Assert.Contains("  a     a     primary  serving", up.Out, StringComparison.Ordinal);

        var status = await sandbox.RunHereAsync("status", "--output", "json");
        Assert.Equal(0, status.Code);
        Assert.Equal(
            ["primary", "replica", "replica"],
            status.Json.GetProperty("instances")[0].GetProperty("nodes").EnumerateArray()
                .Select(n => n.GetProperty("role").GetString()));

        var processes = ClusterProcesses.FindRemembered(cluster).All().ToList();
        Assert.Equal(7, processes.Count);
        var down = await sandbox.RunHereAsync("down");
        Assert.Equal(0, down.Code);
        Assert.StartsWith("Stopped 3 agents, 3 PostgreSQL servers, the gateway in", down.Out, StringComparison.Ordinal);
        Assert.DoesNotContain(processes, p => p.IsAlive);

        var again = await sandbox.RunHereAsync("down");
        Assert.Equal((0, true), (again.Code, again.Out.StartsWith("Nothing was running.", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_files_of_a_cluster_lie_where_the_layout_says_and_secrets_are_private()
    {
        await using var sandbox = new Sandbox();
        Assert.Equal(0, (await UpAsync(sandbox)).Code);

        Assert.Equal(
            ["agents", "cluster.yaml", "gateway.yaml", "log", "nodes", "run", "secrets"],
            Names(sandbox.Paths.Root));
        Assert.Equal(["a.yaml", "b.yaml"], Names(sandbox.Paths.Agents));
        Assert.Equal(["agent-a.log", "agent-b.log", "gateway.log"], Names(sandbox.Paths.Logs));
        Assert.Equal(["agent-a.pid", "agent-b.pid", "gateway.pid", "lock"], Names(sandbox.Paths.Run));
        Assert.Equal(SecretNames.All.Order(StringComparer.Ordinal), Names(sandbox.Paths.Secrets));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(sandbox.Paths.Secrets));
        Assert.All(
            SecretNames.All, s => Assert.Equal(OwnerReadsAndWrites, File.GetUnixFileMode(sandbox.Paths.Secret(s))));
        Assert.All(SecretNames.All, s => Assert.Equal(43, LocalCluster.Open(sandbox.Paths).ReadSecret(s).Length));
    }

    [Fact]
    public async Task Arguments_of_the_processes_hold_no_secret()
    {
        await using var sandbox = new Sandbox();
        await UpAsync(sandbox);
        var cluster = LocalCluster.Open(sandbox.Paths);

        foreach (var process in ClusterProcesses.FindRemembered(cluster).All())
        {
            var shown = File.ReadAllText($"/proc/{process.Pid}/cmdline")
                + File.ReadAllText($"/proc/{process.Pid}/environ");
            Assert.All(
                SecretNames.All, s => Assert.DoesNotContain(cluster.ReadSecret(s), shown, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Up_on_a_running_cluster_says_so_and_starts_nothing()
    {
        await using var sandbox = new Sandbox();
        await UpAsync(sandbox);
        var before = ClusterProcesses.FindRemembered(LocalCluster.Open(sandbox.Paths)).All().ToList();

        var again = await sandbox.RunHereAsync("up");

        Assert.Equal(0, again.Code);
        Assert.Contains("is already running.", again.Out, StringComparison.Ordinal);
        Assert.Equal(before, ClusterProcesses.FindRemembered(LocalCluster.Open(sandbox.Paths)).All());
    }

    [Fact]
    public async Task Up_resumes_a_stopped_cluster_and_starts_only_what_is_missing_of_a_running_one()
    {
        await using var sandbox = new Sandbox();
        await UpAsync(sandbox);
        await sandbox.RunHereAsync("down");
        var made = File.ReadAllText(sandbox.Paths.ClusterFile);

        Assert.Equal(0, (await sandbox.RunHereAsync("up", "--detach")).Code);
        var cluster = LocalCluster.Open(sandbox.Paths);
        var before = ClusterProcesses.FindRemembered(cluster);
        Assert.Equal(0, (await sandbox.RunHereAsync("agent", "kill", "b")).Code);
        Assert.Equal(0, (await sandbox.RunHereAsync("up", "--detach")).Code);

        var after = ClusterProcesses.FindRemembered(cluster);
        Assert.Equal(made, File.ReadAllText(sandbox.Paths.ClusterFile));
        Assert.Equal((before.Agents["a"], before.Gateway), (after.Agents["a"], after.Gateway));
        Assert.NotEqual(before.Agents["b"], after.Agents["b"]);
    }

    [Fact]
    public async Task A_first_run_that_fails_shows_the_log_and_leaves_nothing_behind()
    {
        await using var sandbox = new Sandbox("agents-end");

        var up = await UpAsync(sandbox);

        Assert.Equal(1, up.Code);
        Assert.Contains("  | this is why the agent of b ended", up.Error, StringComparison.Ordinal);
        Assert.Contains(
            "error: the cluster did not come up: the agent of b has ended", up.Error, StringComparison.Ordinal);
        Assert.Empty(Names(sandbox.Root));
    }

    [Fact]
    public async Task A_port_in_use_is_told_before_anything_is_made()
    {
        await using var sandbox = new Sandbox();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var up = await sandbox.RunHereAsync("up", "--detach", "--port", Text(port));

        Assert.Equal(1, up.Code);
        Assert.StartsWith(
            $"error: port {port} on 127.0.0.1 is in use by another program\nwhat to do: ",
            up.Error,
            StringComparison.Ordinal);
        Assert.Empty(Names(sandbox.Root));
    }

    [Fact]
    public async Task A_remembered_port_in_use_is_told_with_its_owner()
    {
        await using var sandbox = new Sandbox();
        await UpAsync(sandbox);
        await sandbox.RunHereAsync("down");
        var node = LocalCluster.Open(sandbox.Paths).Node("b");
        using var other = new TcpListener(IPAddress.Loopback, node.PostgresPort);
        other.Start();

        var up = await sandbox.RunHereAsync("up", "--detach");

        Assert.Equal(1, up.Code);
        Assert.Contains(
            $"error: port {node.PostgresPort} of PostgreSQL of node b is in use by another program",
            up.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_of_another_kind_is_refused_and_not_touched()
    {
        await using var sandbox = new Sandbox();
        Directory.CreateDirectory(sandbox.Paths.Root);
        File.WriteAllText(Path.Combine(sandbox.Paths.Root, "thesis.txt"), "mine");

        var up = await UpAsync(sandbox);
        var down = await sandbox.RunHereAsync("down", "--destroy", "--yes");

        Assert.Equal((1, 1), (up.Code, down.Code));
        Assert.Contains(
            "is not empty and not a matriarch cluster: it has thesis.txt", up.Error, StringComparison.Ordinal);
        Assert.Contains("is not a matriarch cluster", down.Error, StringComparison.Ordinal);
        Assert.Equal(["thesis.txt"], Names(sandbox.Paths.Root));
    }

    [Theory]
    [InlineData("postgres (PostgreSQL) 13.9 (Debian 13.9-0)")]
    [InlineData("postgres (PostgreSQL) 19.1")]
    public async Task A_postgres_of_another_version_is_refused_before_anything_is_made(string version)
    {
        await using var sandbox = new Sandbox();
        var bin = Directory.CreateDirectory(Path.Combine(sandbox.Root, "bin")).FullName;
        foreach (var program in new[] { "postgres", "initdb", "pg_basebackup", "pg_controldata", "pg_rewind" })
        {
            var path = Path.Combine(bin, program);
            File.WriteAllText(path, $"#!/bin/sh\necho '{version}'\n");
            File.SetUnixFileMode(path, OwnerOnly);
        }

        var up = await UpAsync(sandbox, "--postgres-bin", bin);

        Assert.Equal(1, up.Code);
        Assert.Contains("error: PostgreSQL " + version.Split(' ')[2], up.Error, StringComparison.Ordinal);
        Assert.Contains("what to do: ", up.Error, StringComparison.Ordinal);
        Assert.Equal(["bin"], Names(sandbox.Root));
    }

    [Fact]
    public async Task What_was_chosen_once_is_not_changed_by_a_flag()
    {
        await using var sandbox = new Sandbox();
        await UpAsync(sandbox);

        foreach (var flag in new[] { "--port=1234", "--nodes=5", "--durability=async" })
        {
            var up = await sandbox.RunHereAsync("up", "--detach", flag);
            Assert.Equal(1, up.Code);
            Assert.StartsWith($"error: the cluster in {sandbox.Paths.Root} ", up.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_full_disk_is_told_with_what_is_needed()
    {
        var e = Assert.Throws<UserException>(() => Preflight.DiskHasRoom(long.MaxValue, ["/tmp/not/there/yet"]));

        Assert.StartsWith("the disk of /tmp has ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_commands_do_not_start_one_cluster_at_once()
    {
        await using var sandbox = new Sandbox();
        using (ClusterLock.Take(sandbox.Paths))
        {
            var up = await UpAsync(sandbox);
            Assert.Equal(1, up.Code);
            Assert.Contains("another matriarch command", up.Error, StringComparison.Ordinal);
        }
    }

    internal static int FreePort() => Ports.Draw(1, 0)[0];

    private static Task<Sandbox.Ran> UpAsync(Sandbox sandbox, params string[] more) =>
        sandbox.RunHereAsync(["up", "--detach", "--nodes", "2", "--port", Text(FreePort()), .. more]);

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static IEnumerable<string?> Names(string directory) =>
        Directory.EnumerateFileSystemEntries(directory).Select(Path.GetFileName).Order(StringComparer.Ordinal);
}
