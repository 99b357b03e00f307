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
