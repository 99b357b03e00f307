using System.Globalization;
using Matriarch.Core;
using Matriarch.TestKit;

namespace Matriarch.Postgres.Tests;

public sealed class InitializationTests(DataTemplate template)
{
    [Fact]
    public async Task A_new_instance_starts_as_a_standby_with_its_first_rule()
    {
        await using var node = await TestNode.StartAsync(template, "a");
        var snapshot = await node.SnapshotAsync();
        Assert.True(snapshot.IsInRecovery);
        Assert.Equal(TestNode.FirstRule("a", "b", "c"), snapshot.Rule);
        Assert.Equal(new Timeline(1), snapshot.Timeline);
        var state = Assert.IsType<DataDirectoryState.Present>(await node.Server.InspectAsync(TestNode.None));
        Assert.Equal(snapshot.System, state.Control.System);
    }

    [Fact]
    public async Task Initializing_refuses_a_directory_with_data_and_leaves_it_alone()
    {
        await using var node = await TestNode.CloneAsync(template, "a");
        var before = Assert.IsType<DataDirectoryState.Present>(await node.Server.InspectAsync(TestNode.None));
        await Assert.ThrowsAsync<UserException>(
            () => node.Server.InitializeAsync(TestNode.FirstRule("a"), TestNode.None));
        Assert.Equal(before, await node.Server.InspectAsync(TestNode.None));
    }

    [Fact]
    public async Task A_failed_initialization_leaves_nothing()
    {
        await using var node = await TestNode.EmptyAsync("a");
        var broken = new PostgresOptions { Port = node.Options.Port };
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(150));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => node.Server.InitializeAsync(TestNode.FirstRule("a"), cancellation.Token));
        Assert.Empty(Directory.EnumerateFileSystemEntries(node.Paths.NodeDirectory));
        Assert.IsType<DataDirectoryState.Absent>(await node.Server.InspectAsync(TestNode.None));
        Assert.Empty(broken.Validate());
    }

    [Fact]
    public async Task What_a_crash_left_of_an_initialization_or_a_copy_is_cleared()
    {
        await using var node = await TestNode.CloneAsync(template, "a");
        Directory.CreateDirectory(Path.Combine(node.Paths.NodeDirectory, "data.init"));
        Directory.CreateDirectory(Path.Combine(node.Paths.NodeDirectory, "data.copy"));
        await node.Server.PrepareAsync(TestNode.None);
        Assert.Equal(["data"], Directory.EnumerateDirectories(node.Paths.NodeDirectory).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_crash_in_the_middle_of_the_swap_leaves_the_new_data()
    {
        await using var node = await TestNode.CloneAsync(template, "a");
        Directory.Move(node.Paths.Data, Path.Combine(node.Paths.NodeDirectory, "data.new"));
        Directory.CreateDirectory(Path.Combine(node.Paths.NodeDirectory, "data.old"));
        await node.Server.PrepareAsync(TestNode.None);
        Assert.IsType<DataDirectoryState.Present>(await node.Server.InspectAsync(TestNode.None));
        Assert.Equal(["data"], Directory.EnumerateDirectories(node.Paths.NodeDirectory).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Passwords_are_in_no_command_line_and_no_log()
    {
        await using var primary = await TestNode.PrimaryAsync(template, "a", 2);
        await using var standby = await TestNode.StartAsync(template, "b");
        await standby.FollowAsync(primary, 2);
        string[] secrets = [TestNode.Secrets.SuperuserPassword, TestNode.Secrets.ReplicationPassword];
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out _))
            {
                var line = ReadOrEmpty(Path.Combine(directory, "cmdline"));
                Assert.DoesNotContain(secrets, s => line.Contains(s, StringComparison.Ordinal));
            }
        }

        foreach (var file in (string[])[primary.Paths.Log, standby.Paths.Log,
            Path.Combine(standby.Paths.Data, "matriarch.conf"), Path.Combine(standby.Paths.Data, "postgresql.conf")])
        {
            var text = await File.ReadAllTextAsync(file, TestNode.None);
            Assert.DoesNotContain(secrets, s => text.Contains(s, StringComparison.Ordinal));
        }

        var passfile = Assert.Single(Directory.EnumerateFiles(standby.Paths.NodeDirectory, "follow-2-*"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(passfile));
        Assert.Equal("(secrets)", TestNode.Secrets.ToString());
    }

    [Fact]
    public async Task A_directory_that_the_user_cannot_enter_is_named()
    {
        if (Environment.UserName != "root")
        {
            Assert.Skip("only root runs PostgreSQL as another user");
        }

        await using var directory = await TestDirectory.CreateAsync();
        var closed = Directory.CreateDirectory(directory["closed"]).FullName;
        File.SetUnixFileMode(closed, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await using var server = new PostgresServer(
            await PostgresInstallation.FindAsync("", TestTime.Real, TestNode.None),
                new PostgresOptions { Port = 15_000 }, new NodeId("a"),
            Path.Combine(closed, "node"), TestNode.Secrets, TestTime.Real,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<PostgresServer>.Instance);
        var refused = await Assert.ThrowsAsync<UserException>(() => server.PrepareAsync(TestNode.None));
        Assert.EndsWith($"cannot enter {closed}", refused.Message, StringComparison.Ordinal);
    }

    private static string ReadOrEmpty(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
