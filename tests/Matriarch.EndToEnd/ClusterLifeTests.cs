using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Matriarch.Client;
using Matriarch.Core;
using Matriarch.TestKit;

namespace Matriarch.EndToEnd;

/// <summary>The newcomer's six steps, twice in a row and twice at once.</summary>
public sealed class ClusterLifeTests
{
    [Fact]
    public async Task Sessions_reach_the_primary_and_with_a_suffix_a_replica_that_has_the_same_rows()
    {
        await using var cluster = await RunningCluster.UpAsync();
        await cluster.IsHealthyAsync();

        Assert.False(await RunningCluster.QueryAsync<bool>(cluster.ConnectionString, "select pg_is_in_recovery()"));
        Assert.True(await RunningCluster.QueryAsync<bool>(
            cluster.Connection("postgres@replica"), "select pg_is_in_recovery()"));
        await RunningCluster.QueryAsync<int>(cluster.ConnectionString, "create table t as select 42 as n; select 1");
        await Eventually.HoldsAsync(
            "the row on the replica",
            async () => await RunningCluster.QueryAsync<int>(
                cluster.Connection("postgres@replica"), "select n from t") == 42);
    }

    [Fact]
    public async Task A_stopped_cluster_leaves_no_process_and_resumes_with_its_data()
    {
        await using var cluster = await RunningCluster.UpAsync();
        await cluster.IsHealthyAsync();
        await RunningCluster.QueryAsync<int>(cluster.ConnectionString, "create table kept as select 7 as n; select 1");
        var before = await cluster.StatusAsync();

        (await cluster.RunAsync("down")).Expect();
        foreach (var node in before.Nodes)
        {
            Assert.False(IsAlive(node.AgentPid!.Value), $"the agent of {node.Name} is still there");
            Assert.False(IsAlive(node.PostmasterPid!.Value), $"PostgreSQL of {node.Name} is still there");
        }

        await cluster.ResumeAsync();
        await cluster.IsHealthyAsync();

        Assert.Equal(7, await RunningCluster.QueryAsync<int>(cluster.ConnectionString, "select n from kept"));
        Assert.True((await cluster.StatusAsync()).Term > before.Term);
        (await cluster.ResumeAsync()).Expect(); // already running: says so, changes nothing
    }

    [Fact]
    public async Task Two_clusters_live_side_by_side()
    {
        await using var one = await RunningCluster.UpAsync("--nodes", "1");
        await using var two = await RunningCluster.UpAsync("--nodes", "1");
        await RunningCluster.QueryAsync<int>(one.ConnectionString, "create table mine as select 1 as n; select 1");
        await RunningCluster.QueryAsync<int>(two.ConnectionString, "create table mine as select 2 as n; select 1");

        Assert.Equal(1, await RunningCluster.QueryAsync<int>(one.ConnectionString, "select n from mine"));
        Assert.Equal(2, await RunningCluster.QueryAsync<int>(two.ConnectionString, "select n from mine"));
    }

    [Fact]
    public async Task A_port_in_use_is_one_clear_line_and_nothing_is_left_behind()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var root = Path.Combine(Path.GetTempPath(), $"matriarch-e2e-{Guid.NewGuid():n}");

        var result = await MatriarchProgram.RunAsync(["up", "--dir", root, "--port", $"{port}", "--detach"]);

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains($"{port}", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(root));
    }

    [Fact]
    public async Task A_directory_with_something_else_is_refused_and_untouched()
    {
        var root = Directory.CreateTempSubdirectory("matriarch-e2e-").FullName;
        await File.WriteAllTextAsync(
            Path.Combine(root, "diary.txt"), "mine", TestContext.Current.CancellationToken);

        var up = await MatriarchProgram.RunAsync(["up", "--dir", root, "--port", $"{FreePorts.Take()}", "--detach"]);
        var down = await MatriarchProgram.RunAsync(["down", "--dir", root, "--destroy", "--yes"]);

        Assert.NotEqual(0, up.ExitCode);
        Assert.NotEqual(0, down.ExitCode);
        Assert.Equal(["diary.txt"], Directory.EnumerateFileSystemEntries(root).Select(Path.GetFileName));
        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public async Task A_missing_PostgreSQL_is_one_clear_line_and_nothing_is_left_behind()
    {
        var root = Path.Combine(Path.GetTempPath(), $"matriarch-e2e-{Guid.NewGuid():n}");

        var result = await MatriarchProgram.RunAsync(
            ["up", "--dir", root, "--port", $"{FreePorts.Take()}", "--detach"],
            new Dictionary<string, string> { ["MATRIARCH_POSTGRES_BIN_DIRECTORY"] = "/nowhere" });

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("/nowhere", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(root));
    }

    private static bool IsAlive(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return !process.HasExited
                && !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or IOException)
        {
            return false; // gone
        }
    }
}
