using Matriarch.Core;
using Matriarch.TestKit;

namespace Matriarch.Postgres.Tests;

/// <summary>postgres.init-command on a real server.</summary>
public sealed class InitHookTests
{
    private const UnixFileMode Everybody = (UnixFileMode)0b111_101_101;

    [Fact]
    public async Task The_command_makes_what_it_likes_before_the_instance_begins_and_finds_no_secret_in_its_arguments()
    {
        await using var node = await EmptyAsync(
            """
            psql -v ON_ERROR_STOP=1 -c "CREATE DATABASE shop" -c "CREATE TABLE hooked (n int)"
            [ $# = 0 ] && [ -z "$PGPASSWORD" ] && psql -Atc "SHOW listen_addresses" | grep -qx 127.0.0.1
            """);

        await node.Server.InitializeAsync(TestNode.FirstRule("a"), TestNode.None);

        await node.StartAsync();
        Assert.Equal(1L, await node.SqlAsync("SELECT count(*) FROM pg_database WHERE datname = 'shop'"));
        Assert.Equal(0L, await node.SqlAsync("SELECT count(*) FROM hooked"));
        Assert.Empty(Directory.EnumerateFiles(node.Paths.NodeDirectory, "tool-*"));
        await node.PromoteAsync(2);
    }

    [Theory]
    [InlineData("echo 'there is no shop here' >&2; exit 3", "exit code 3: there is no shop here")]
    [InlineData("psql -v ON_ERROR_STOP=1 -c 'SELECT 1/0'", "division by zero")]
    [InlineData("tail -f /dev/null", "it did not end in time")]
    public async Task A_command_that_fails_leaves_no_instance_and_says_why(string script, string expected)
    {
        await using var node = await EmptyAsync(script);
        node.Options.InitCommandDeadline = TimeSpan.FromSeconds(3);

        var failure = await Assert.ThrowsAsync<UserException>(
            () => node.Server.InitializeAsync(TestNode.FirstRule("a"), TestNode.None));

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.IsType<DataDirectoryState.Absent>(await node.Server.InspectAsync(TestNode.None));
        Assert.False(Directory.Exists(Path.Combine(node.Paths.NodeDirectory, "data.init")));
        Assert.Empty(new PostmasterProcess(Path.Combine(node.Paths.NodeDirectory, "data.init")).FindAll());

        node.Options.InitCommand = "";
        await node.Server.InitializeAsync(TestNode.FirstRule("a"), TestNode.None); // its port is free again
        await node.StartAsync();
    }

    [Fact]
    public async Task A_server_that_a_killed_agent_left_on_the_unfinished_directory_is_ended()
    {
        await using var node = await EmptyAsync("tail -f /dev/null");
        using var gone = new CancellationTokenSource();
        var initializing = node.Server.InitializeAsync(TestNode.FirstRule("a"), gone.Token);
        var processes = new PostmasterProcess(Path.Combine(node.Paths.NodeDirectory, "data.init"));
        await Eventually.HoldsAsync(
            "a server on the unfinished directory",
            () => Task.FromResult(processes.ReadPidFile() is { Status: "ready" }), TimeSpan.FromSeconds(60));

        await node.NewServer().PrepareAsync(TestNode.None);

        Assert.Empty(processes.FindAll());
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => initializing);
    }

    [Fact]
    public void A_command_that_cannot_be_run_is_refused_before_anything_starts()
    {
        var options = new PostgresOptions { InitCommand = "hook.sh" };
        Assert.Contains("absolute path", Assert.Single(options.Validate()), StringComparison.Ordinal);
        options.InitCommand = "/nowhere/hook.sh";
        Assert.Contains("is not there", Assert.Single(options.Validate()), StringComparison.Ordinal);
        options.InitCommand = "/etc/passwd";
        Assert.Contains("not executable", Assert.Single(options.Validate()), StringComparison.Ordinal);
        options.InitCommand = "/bin/true";
        Assert.Empty(options.Validate());
    }

    private static async Task<TestNode> EmptyAsync(string script)
    {
        var node = await TestNode.EmptyAsync("a");
        var path = Path.Combine(node.Paths.NodeDirectory, "hook.sh");
        await File.WriteAllTextAsync(path, $"#!/bin/sh\nset -e\n{script}\n", TestNode.None);
        File.SetUnixFileMode(path, Everybody);
        node.Options.InitCommand = path;
        return node;
    }
}
