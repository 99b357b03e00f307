using Matriarch.Client;

namespace Matriarch.Cli.Tests;

public sealed class DestroyTests
{
    [Fact]
    public async Task Destroy_stops_and_removes_all_and_can_be_said_again()
    {
        await using var sandbox = await RunningAsync();

        var destroyed = await sandbox.RunHereAsync("down", "--destroy", "--yes");
        Assert.Equal((0, ""), (destroyed.Code, destroyed.Error));
        Assert.False(Directory.Exists(sandbox.Paths.Root));

        var again = await sandbox.RunHereAsync("down", "--destroy", "--yes");
        Assert.Equal((0, $"There is no cluster in {sandbox.Paths.Root}.\n"), (again.Code, again.Out));
    }

    [Fact]
    public async Task Without_yes_and_without_anyone_to_ask_nothing_happens()
    {
        await using var sandbox = await RunningAsync();

        var refused = await sandbox.RunHereAsync("down", "--destroy");

        Assert.Equal(1, refused.Code);
        Assert.Contains("add --yes", refused.Error, StringComparison.Ordinal);
        Assert.False(ClusterProcesses.FindRemembered(LocalCluster.Open(sandbox.Paths)).AreNone);
    }

    [Theory]
    [InlineData("no", false)]
    [InlineData("", false)]
    [InlineData("yes", true)]
    public async Task A_person_has_to_type_yes(string answer, bool isDestroyed)
    {
        await using var sandbox = Stopped();
        (sandbox.CanAsk, sandbox.Answer) = (true, answer);

        await sandbox.RunHereAsync("down", "--destroy");

        Assert.Equal(isDestroyed, !Directory.Exists(sandbox.Paths.Root));
    }

    [Fact]
    public async Task Files_of_others_in_the_directory_stay()
    {
        await using var sandbox = Stopped();
        var notes = Path.Combine(sandbox.Paths.Root, "notes.txt");
        File.WriteAllText(notes, "mine");

        var destroyed = await sandbox.RunHereAsync("down", "--destroy", "--yes");

        Assert.Equal(0, destroyed.Code);
        Assert.Contains(notes, destroyed.Out, StringComparison.Ordinal);
        Assert.Equal([notes], Directory.EnumerateFileSystemEntries(sandbox.Paths.Root));
    }

    [Fact]
    public async Task A_cluster_file_that_names_other_places_is_not_obeyed()
    {
        await using var sandbox = Stopped();
        var precious = Directory.CreateDirectory(Path.Combine(sandbox.Root, "precious")).FullName;
        var text = File.ReadAllText(sandbox.Paths.ClusterFile);
        File.WriteAllText(
            sandbox.Paths.ClusterFile, text.Replace(sandbox.Paths.Nodes, precious, StringComparison.Ordinal));

        var refused = await sandbox.RunHereAsync("down", "--destroy", "--yes");

        Assert.Equal(1, refused.Code);
        Assert.True(Directory.Exists(precious));
        Assert.True(Directory.Exists(sandbox.Paths.Secrets));
    }

    [Fact]
    public async Task A_copy_of_a_cluster_does_not_act_on_the_original()
    {
        await using var sandbox = await RunningAsync();
        var copy = Directory.CreateDirectory(Path.Combine(sandbox.Root, "copy")).FullName;
        File.Copy(sandbox.Paths.ClusterFile, Path.Combine(copy, "cluster.yaml"));

        var refused = await sandbox.RunAsync("down", "--destroy", "--yes", "--dir", copy);

        Assert.Equal(1, refused.Code);
        Assert.Contains("is a copy of the cluster made in", refused.Error, StringComparison.Ordinal);
        Assert.Single(ClusterProcesses.FindRemembered(LocalCluster.Open(sandbox.Paths)).Agents);
    }

    private static async Task<Sandbox> RunningAsync()
    {
        var sandbox = new Sandbox();
        var port = UpAndDownTests.FreePort().ToString(System.Globalization.CultureInfo.InvariantCulture);
        var up = await sandbox.RunHereAsync("up", "--detach", "--nodes", "1", "--port", port);
        Assert.Equal((0, ""), (up.Code, up.Error));
        return sandbox;
    }

    private static Sandbox Stopped()
    {
        var sandbox = new Sandbox();
        var request = new UpRequest(UpAndDownTests.FreePort(), null, null, null);
        var cluster = ClusterMaker.Draw(sandbox.Paths, request, "/nowhere", isRoot: false);
        ClusterMaker.MakeRoot(sandbox.Paths, isRoot: false);
        ClusterMaker.Complete(cluster, isRoot: false);
        return sandbox;
    }
}
