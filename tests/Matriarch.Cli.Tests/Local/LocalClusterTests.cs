using Matriarch.Client;
using Matriarch.Core;

namespace Matriarch.Cli.Tests;

public sealed class LocalClusterTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("matriarch-cli-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void The_flag_goes_before_the_environment_and_that_before_the_default()
    {
        Assert.Equal("/x/flag", ClusterPaths.Find("/x/flag", "/x/environment").Root);
        Assert.Equal("/x/environment", ClusterPaths.Find(null, "/x/environment").Root);
        Assert.Equal(".matriarch", Path.GetFileName(ClusterPaths.Find(null, null).Root));
    }

    [Fact]
    public void A_cluster_has_one_name_however_it_is_reached()
    {
        var real = Directory.CreateDirectory(Path.Combine(_directory, "real")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(_directory, "link"), real);

        Assert.Equal(real, ClusterPaths.Find(Path.Combine(_directory, "link"), null).Root);
        Assert.Equal(
            Path.Combine(real, "new"), ClusterPaths.Find(Path.Combine(_directory, "link", "new") + "/", null).Root);
    }

    [Fact]
    public void What_is_written_reads_back_whatever_the_directory_is_called()
    {
        var paths = new ClusterPaths(Path.Combine(_directory, "it's \"my\": #1 \\ cluster"));
        Directory.CreateDirectory(paths.Root);
        var cluster = Samples.Cluster(paths.Root);
        File.WriteAllText(paths.ClusterFile, cluster.ToYaml());

        var read = LocalCluster.Open(paths);

        Assert.Equal(cluster with { Nodes = read.Nodes }, read);
        Assert.Equal(cluster.Nodes, read.Nodes);
        Assert.False(read.HasNodesElsewhere);
    }

    [Fact]
    public void The_store_it_was_made_with_is_remembered_and_put_into_every_configuration()
    {
        const string Address = "etcd://127.0.0.1:2379,127.0.0.1:2381/team";
        var paths = new ClusterPaths(Path.Combine(_directory, "cluster"));
        var request = new UpRequest(null, 2, null, null, Address);
        ClusterMaker.MakeRoot(paths, isRoot: false);
        ClusterMaker.Complete(ClusterMaker.Draw(paths, request, "/nowhere", isRoot: false), isRoot: false);

        var read = LocalCluster.Open(paths);

        Assert.Equal(Address, read.Store);
        Assert.All(
            new[] { paths.AgentConfig("a"), paths.AgentConfig("b"), paths.GatewayConfig },
            f => Assert.Contains(Address, File.ReadAllText(f), StringComparison.Ordinal));
        Preflight.RequestFits(read, request);
        Preflight.RequestFits(read, request with { Store = null });
        var e = Assert.Throws<UserException>(
            () => Preflight.RequestFits(read, request with { Store = "etcd://127.0.0.1:1" }));
        Assert.Contains("leave --store away", e.WhatToDo, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UpRequest.OwnFiles, "topology-a.db", "topology-b.db")]
    [InlineData("etcd://127.0.0.1:2379/in-{cell}", "/in-a", "/in-b")]
    public void Each_cell_gets_its_store_and_the_gateway_that_of_the_first(string asked, string ofA, string ofB)
    {
        var paths = new ClusterPaths(Path.Combine(_directory, "cluster"));
        var request = new UpRequest(null, 2, null, null, CellStores: asked);
        ClusterMaker.MakeRoot(paths, isRoot: false);
        ClusterMaker.Complete(ClusterMaker.Draw(paths, request, "/nowhere", isRoot: false), isRoot: false);

        var read = LocalCluster.Open(paths);

        Assert.EndsWith(ofA, read.CellStoreOf("a"), StringComparison.Ordinal);
        foreach (var (file, own, other) in new[]
        {
            (paths.AgentConfig("a"), ofA, ofB), (paths.AgentConfig("b"), ofB, ofA), (paths.GatewayConfig, ofA, ofB),
        })
        {
            var text = File.ReadAllText(file);
            Assert.Contains("store: \"sqlite:" + paths.Topology + "\"", text, StringComparison.Ordinal);
            Assert.Contains(own + "\"", text, StringComparison.Ordinal);
            Assert.DoesNotContain(other, text, StringComparison.Ordinal);
        }

        Assert.Contains("cell: \"a\"", File.ReadAllText(paths.GatewayConfig), StringComparison.Ordinal);
        Preflight.RequestFits(read, request);
        Preflight.RequestFits(read, request with { CellStores = null });
        var e = Assert.Throws<UserException>(
            () => Preflight.RequestFits(read, request with { CellStores = "etcd://127.0.0.1:1" }));
        Assert.Contains("leave --cell-stores away", e.WhatToDo, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_them_asked_for_no_cell_has_a_store()
    {
        var paths = new ClusterPaths(Path.Combine(_directory, "cluster"));
        var request = new UpRequest(null, 2, null, null);
        ClusterMaker.MakeRoot(paths, isRoot: false);
        ClusterMaker.Complete(ClusterMaker.Draw(paths, request, "/nowhere", isRoot: false), isRoot: false);

        var read = LocalCluster.Open(paths);

        Assert.Null(read.CellStoreOf("a"));
        Assert.All(
            new[] { paths.AgentConfig("a"), paths.GatewayConfig },
            f => Assert.DoesNotContain("cell-store", File.ReadAllText(f), StringComparison.Ordinal));
        Assert.Throws<UserException>(
            () => Preflight.RequestFits(read, request with { CellStores = UpRequest.OwnFiles }));
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_told_before_anything_is_made()
    {
        await using var sandbox = new Sandbox();
        var port = UpAndDownTests.FreePort();
        var refused = await sandbox.RunHereAsync("up", "--detach", "--store", $"etcd://127.0.0.1:{port}");
        Assert.Equal(1, refused.Code);
        Assert.Contains("cannot be used", refused.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(sandbox.Paths.ClusterFile));

        refused = await sandbox.RunHereAsync(
            "up", "--detach", "--cell-stores", $"etcd://127.0.0.1:{port}/of-{{cell}}");
        Assert.Equal(1, refused.Code);
        Assert.Contains($"etcd://127.0.0.1:{port}/of-a cannot be used", refused.Error, StringComparison.Ordinal);
        Assert.Contains("--cell-stores", refused.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(sandbox.Paths.ClusterFile));

        refused = await sandbox.RunHereAsync("up", "--detach", "--store", "redis://x");
        Assert.Equal(2, refused.Code);
        Assert.Contains("is not a store address", refused.Error, StringComparison.Ordinal);

        refused = await sandbox.RunHereAsync("up", "--detach", "--cell-stores", "redis://{cell}");
        Assert.Equal(2, refused.Code);
        Assert.Contains("is not a store address", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_cluster_says_how_to_make_one()
    {
        var e = Assert.Throws<UserException>(() => LocalCluster.Open(new ClusterPaths(_directory)));

        Assert.Equal($"there is no cluster in {_directory}", e.Message);
        Assert.Contains($"matriarch up --dir {_directory}", e.WhatToDo, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("just words")]
    [InlineData("format: 2\ncluster: {id: x}\n")]
    [InlineData("format: 1\n")]
    [InlineData("format: [\n")]
    public void A_damaged_cluster_file_is_one_clear_line(string content)
    {
        var paths = new ClusterPaths(_directory);
        File.WriteAllText(paths.ClusterFile, content);

        var e = Assert.Throws<UserException>(() => LocalCluster.Open(paths));

        Assert.StartsWith(
            $"{paths.ClusterFile} is not a cluster file that this version reads", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nodes_go_elsewhere_only_where_postgres_cannot_pass()
    {
        var closed = Directory.CreateDirectory(Path.Combine(_directory, "closed")).FullName;
        File.SetUnixFileMode(_directory, (UnixFileMode)0b111_101_101);
        File.SetUnixFileMode(closed, (UnixFileMode)0b111_000_000);
        var paths = new ClusterPaths(Path.Combine(closed, "cluster"));

        Assert.Equal("/var/lib/matriarch/0a1b", NodesPlacement.Choose(paths, "0a1b", isRoot: true));
        Assert.Equal(paths.Nodes, NodesPlacement.Choose(paths, "0a1b", isRoot: false));
        Assert.True(NodesPlacement.CanTraverse(_directory));
    }
}
