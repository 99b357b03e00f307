using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Matriarch.TestKit;

namespace Matriarch.Postgres.Tests;

public sealed class LifecycleTests(DataTemplate template)
{
    [Fact]
    public async Task A_former_primary_starts_as_a_standby()
    {
        await using var node = await TestNode.PrimaryAsync(template, "a", 2);
        await node.SqlAsync("CREATE TABLE t AS SELECT generate_series(1, 10) AS n");
        Assert.Equal(StopOutcome.Fast, await node.Server.StopAsync(ShutdownMode.Fast, TestNode.Soon));
        await node.StartAsync();
        Assert.True((await node.SnapshotAsync()).IsInRecovery);
        Assert.Equal(10L, await node.SqlAsync("SELECT count(*) FROM t"));
        Assert.Equal(2u, (await node.PositionAsync()).Timeline.Value);
    }

    [Fact]
    public async Task A_restart_of_the_agent_adopts_the_running_server()
    {
        await using var node = await TestNode.CloneAsync(template, "a");
        var pid = await node.StartAsync();
        await node.RestartAgentAsync();
        Assert.Equal(pid, node.Server.Adopt());
        Assert.False(node.Server.Exited.IsCompleted);
        Assert.True((await node.SnapshotAsync()).IsInRecovery);
        Assert.Equal(pid, await node.StartAsync());
        await TestProcess.RunAsync("kill", "-9", pid.ToString(CultureInfo.InvariantCulture));
        await node.Server.Exited.WaitAsync(TestNode.Soon, TestTime.Real, TestNode.None);
        Assert.Null(node.Server.PostmasterPid);
        Assert.IsType<Observation.CannotConnect>(await node.Server.ObserveAsync(TestNode.None));
    }

    [Fact]
    public async Task A_restart_right_after_kill_9_of_the_postmaster_works()
    {
        await using var node = await TestNode.CloneAsync(template, "a");
        var pid = await node.StartAsync();
        for (var i = 0; i < 3; i++)
        {
            await TestProcess.RunAsync("kill", "-9", pid.ToString(CultureInfo.InvariantCulture));
            await node.Server.Exited.WaitAsync(TestNode.Soon, TestTime.Real, TestNode.None);
            var next = await node.StartAsync();
            Assert.NotEqual(pid, next);
            pid = next;
        }
    }

    [Fact]
    public async Task A_frozen_server_is_stopped_by_kill_and_observed_as_not_answering()
    {
        await using var node = await TestNode.CloneAsync(template, "a");
        node.Options.QueryDeadline = TimeSpan.FromMilliseconds(300);
        var pid = await node.StartAsync();
        await node.SnapshotAsync();
        var children = (await File.ReadAllTextAsync($"/proc/{pid}/task/{pid}/children", TestNode.None))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        await TestProcess.RunAsync("kill", ["-STOP", pid.ToString(CultureInfo.InvariantCulture), .. children]);
        Assert.IsType<Observation.QueryFailed>(await node.Server.ObserveAsync(TestNode.None));
        Assert.IsType<Observation.CannotConnect>(await node.Server.ObserveAsync(TestNode.None));
        node.Options.ImmediateStopDeadline = TimeSpan.FromMilliseconds(100);
        Assert.Equal(
            StopOutcome.Killed, await node.Server.StopAsync(ShutdownMode.Fast, TimeSpan.FromMilliseconds(100)));
        await node.StartAsync();
    }

    [Fact]
    public async Task A_port_in_use_is_said_clearly()
    {
        await using var node = await TestNode.CloneAsync(template, "a");
        using var other = new TcpListener(IPAddress.Loopback, node.Options.Port);
        other.Start();
        var failed = Assert.IsType<StartOutcome.Failed>(await node.Server.StartAsync(null, null, TestNode.None));
        Assert.Equal($"port {node.Options.Port} on 127.0.0.1 is in use by another program", failed.Reason);
        Assert.Contains("Address already in use", failed.LogTail, StringComparison.Ordinal);
        Assert.Null(node.Server.PostmasterPid);
    }

    [Fact]
    public async Task A_pid_file_that_names_another_process_does_not_stop_the_start()
    {
        await using var node = await TestNode.CloneAsync(template, "a");
        await File.WriteAllTextAsync(
            Path.Combine(node.Paths.Data, "postmaster.pid"), $"{Environment.ProcessId}\n{node.Paths.Data}\n",
                TestNode.None);
        Assert.Null(node.Server.Adopt());
        await node.StartAsync();
    }

    [Fact]
    public async Task Settings_that_we_own_are_removed_from_alter_system_and_others_stay()
    {
        await using var node = await TestNode.PrimaryAsync(template, "a", 2);
        await node.SqlAsync("ALTER SYSTEM SET synchronous_commit = off");
        await node.SqlAsync("ALTER SYSTEM SET work_mem = '7MB'");
        await node.Server.StopAsync(ShutdownMode.Fast, TestNode.Soon);
        var running = Assert.IsType<StartOutcome.Running>(await node.Server.StartAsync(null, null, TestNode.None));
        Assert.Equal(["synchronous_commit"], running.RemovedSettings);
        Assert.Equal("on", await node.SqlAsync("SHOW synchronous_commit"));
        Assert.Equal("7MB", await node.SqlAsync("SHOW work_mem"));
    }

    [Fact]
    public void Parameters_that_we_own_are_refused_by_name()
    {
        var options = new PostgresOptions { Port = 15_000 };
        options.Parameters["Fsync"] = "off";
        options.Parameters["work_mem"] = "8MB";
        options.Parameters["bad name"] = "1";
        options.Parameters["hot_standby_feedback"] = "on";
        var messages = options.Validate().ToList();
        Assert.Equal(3, messages.Count);
        Assert.Contains(
            messages, m => m.Contains("set postgres.hot-standby-feedback instead", StringComparison.Ordinal));
        Assert.Contains(messages, m => m.Contains("Fsync is set by Matriarch itself", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Clients_are_ended_but_not_our_own_connections()
    {
        await using var node = await TestNode.StartAsync(template, "a");
        await node.SnapshotAsync();
        await using var client = await node.ConnectAsync();
        Assert.Equal(1, await node.Server.TerminateClientsAsync(TestNode.None));
        await node.SnapshotAsync();
        Assert.Equal(0, await node.Server.TerminateClientsAsync(TestNode.None));
    }
}
