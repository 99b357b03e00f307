using Matriarch.Core;
using Microsoft.Extensions.Logging.Abstractions;

namespace Matriarch.Topology.Tests;

public sealed class TopologyStoresTests
{
    [Theory]
    [InlineData("sqlite:/a/topology.db")]
    [InlineData("sqlite:/a")]
    [InlineData("etcd://x:2379")]
    [InlineData("etcd://x:2379/")]
    [InlineData("etcd://10.0.0.1:2379,10.0.0.2:2379,[::1]:2379/team/matriarch")]
    [InlineData("dynamodb://eu-west-1/matriarch")]
    [InlineData("dynamodb://eu-west-1/matriarch?endpoint=http://127.0.0.1:8000")]
    public void Addresses_of_every_kind_are_accepted(string address) =>
        Assert.Empty(new TopologyOptions { Store = address }.Validate());

    [Theory]
    [InlineData("", "is not a store address")]
    [InlineData("/a/topology.db", "is not a store address")]
    [InlineData("sqlite:", "is not a store address")]
    [InlineData("sqlite:/", "is not a store address")]
    [InlineData("sqlite:/a/", "is not a store address")]
    [InlineData("sqlite:topology.db", "is not a store address")]
    [InlineData("redis://x", "is not a store address")]
    [InlineData("etcd://", "is not a list of 1 to 16 endpoints")]
    [InlineData("etcd://x", "is not a list of 1 to 16 endpoints")]
    [InlineData("etcd://x:0", "is not a list of 1 to 16 endpoints")]
    [InlineData("etcd://x:2379,", "is not a list of 1 to 16 endpoints")]
    [InlineData("etcd://x:2379/a b", "cannot be a prefix")]
    [InlineData("etcd://root:secret@x:2379", "does not belong into a store address")]
    [InlineData("dynamodb://table", "is not the address of a table")]
    [InlineData("dynamodb://eu-west-1/ab", "is not the address of a table")]
    [InlineData("dynamodb://eu-west-1/matriarch?endpoint=nowhere", "is not the address of a table")]
    [InlineData("dynamodb://eu-west-1/matriarch?endpoint=http://x/y", "is not the address of a table")]
    [InlineData("dynamodb://eu-west-1/matriarch?endpoint=ftp://x", "is not the address of a table")]
    [InlineData("dynamodb://key:secret@eu-west-1/matriarch", "credentials do not belong into a store address")]
    public async Task Any_other_address_is_told(string address, string fault)
    {
        var options = new TopologyOptions { Store = address };
        var told = Assert.Single(options.Validate());
        Assert.StartsWith("topology.store: ", told, StringComparison.Ordinal);
        Assert.Contains(fault, told, StringComparison.Ordinal);
        var refusal = await Assert.ThrowsAsync<UserException>(() => TopologyStores.OpenAsync(
            options, "one", TimeProvider.System, NullLoggerFactory.Instance, TestContext.Current.CancellationToken));
        Assert.Equal(told, refusal.Message);
    }

    [Theory]
    [InlineData("matriarch", "", false)]
    [InlineData("", "/run/secret", false)]
    [InlineData("matriarch", "secret", false)]
    [InlineData("matriarch", "/run/secret", true)]
    public void A_user_and_a_password_file_belong_together(string user, string file, bool isValid)
    {
        var options = new TopologyOptions { Store = "etcd://x:2379", User = user, PasswordFile = file };
        Assert.Equal(isValid, !options.Validate().Any());
    }

    [Fact]
    public async Task A_cell_without_a_store_of_its_own_has_none() => Assert.Null(await TopologyStores.OpenCellAsync(
        new TopologyOptions { Store = "sqlite:/a/topology.db" }, "one", "a", TimeProvider.System,
        NullLoggerFactory.Instance, TestContext.Current.CancellationToken));

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a@b")]
    [InlineData("..")]
    public async Task A_cell_that_cannot_be_part_of_a_key_is_refused(string cell)
    {
        using var directory = new StoreDirectory();
        var refusal = await Assert.ThrowsAsync<UserException>(() => TopologyStores.OpenCellAsync(
            new TopologyOptions { CellStore = $"sqlite:{directory.File}" }, "one", cell, TimeProvider.System,
            NullLoggerFactory.Instance, TestContext.Current.CancellationToken));
        Assert.Contains("cannot name a cell", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(directory.Path));
    }

    [Theory]
    [InlineData("", "", "", "")]
    [InlineData("etcd://x:2379", "", "", "")]
    [InlineData("etcd://x:2379", "matriarch", "/run/secret", "")]
    [InlineData("redis://x", "", "", "topology.cell-store: ")]
    [InlineData("etcd://x:2379", "matriarch", "", "topology.cell-password-file: ")]
    [InlineData("", "matriarch", "/run/secret", "topology.cell-user: ")]
    public void The_settings_of_a_cells_store_are_checked_like_those_of_the_global_one(
        string store, string user, string file, string fault)
    {
        var told = new TopologyOptions
        {
            Store = "sqlite:/a/topology.db", CellStore = store, CellUser = user, CellPasswordFile = file,
        }.Validate();
        Assert.Equal(fault.Length > 0, told.Any());
        Assert.All(told, t => Assert.StartsWith(fault, t, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a@b")]
    [InlineData("..")]
    [InlineData("a b")]
    public async Task A_cluster_that_cannot_be_part_of_a_key_is_refused(string cluster)
    {
        using var directory = new StoreDirectory();
        var refusal = await Assert.ThrowsAsync<UserException>(() => directory.OpenAsync(cluster));
        Assert.Contains("cannot name a cluster", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(directory.Path));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("instances/main/leadership")]
    [InlineData("events/main/0000000000000001")]
    [InlineData("a.b_c-D/1")]
    public void Keys_are_segments_joined_by_slashes(string key) => Assert.Equal(key, new StoreKey(key).Value);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData("a/../b")]
    [InlineData(".")]
    [InlineData("a b")]
    [InlineData("a%")]
    [InlineData("ä")]
    [InlineData("a\0")]
    public void Anything_else_is_no_key(string? key)
    {
        Assert.False(StoreKey.IsValid(key));
        Assert.Throws<FormatException>(() => new StoreKey(key!));
    }

    [Fact]
    public void Keys_have_at_most_256_characters()
    {
        Assert.True(StoreKey.IsValid(new string('a', 256)));
        Assert.False(StoreKey.IsValid(new string('a', 257)));
    }

    [Fact]
    public void Prefixes_are_whole_segments()
    {
        Assert.True(new StorePrefix("a/").Contains(new StoreKey("a/b")));
        Assert.False(new StorePrefix("a/").Contains(new StoreKey("ab/c")));
        Assert.False(new StorePrefix("a/").Contains(new StoreKey("a")));
        Assert.True(StorePrefix.All.Contains(new StoreKey("a")));
        Assert.Throws<FormatException>(() => new StorePrefix("a"));
        Assert.Throws<FormatException>(() => new StorePrefix("/"));
    }
}
