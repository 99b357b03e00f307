using Matriarch.Core;

namespace Matriarch.Topology.Tests;

public sealed class InstanceDirectoryTests : IAsyncLifetime
{
    private static readonly NodeId A = new("a");
    private static readonly NodeId B = new("b");
    private static readonly Incarnation Life = new(7);

    private readonly StoreDirectory _files = new();
    private LostReplyStore _store = null!;
    private InstanceDirectory _main = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = new LostReplyStore(await _files.OpenAsync());
        _main = new InstanceDirectory(_store, "main");
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _files.Dispose();
    }

    [Fact]
    public async Task One_node_gets_the_bootstrap_and_the_others_hear_who()
    {
        await using var elsewhere = await _files.OpenAsync();
        var other = new InstanceDirectory(elsewhere, "main");
        var claims = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(i => Task.Run(
                () => (i % 2 == 0 ? _main : other).ClaimBootstrapAsync(new NodeId($"n{i}"), Life, Cancellation),
                Cancellation)));
        var winner = Assert.Single(claims, c => c.IsMine);
        Assert.All(claims, c => Assert.Equal(winner.Record, c.Record));
        Assert.Equal(BootstrapState.Claimed, winner.Record.State);
    }

    [Fact]
    public async Task The_holder_gets_its_claim_again_but_not_in_another_incarnation()
    {
        Assert.True((await _main.ClaimBootstrapAsync(A, Life, Cancellation)).IsMine);
        Assert.True((await _main.ClaimBootstrapAsync(A, Life, Cancellation)).IsMine);
        Assert.False((await _main.ClaimBootstrapAsync(A, new Incarnation(8), Cancellation)).IsMine);
        Assert.True((await new InstanceDirectory(_store, "main2").ClaimBootstrapAsync(B, Life, Cancellation)).IsMine);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    public async Task A_claim_whose_reply_was_lost_is_settled_by_reading(int afterApplying, int beforeSending)
    {
        (_store.LoseAfterApplying, _store.LoseBeforeSending) = (afterApplying, beforeSending);
        Assert.True((await _main.ClaimBootstrapAsync(A, Life, Cancellation)).IsMine);
        Assert.False((await _main.ClaimBootstrapAsync(B, Life, Cancellation)).IsMine);
    }

    [Fact]
    public async Task A_bootstrap_is_completed_once_by_its_holder()
    {
        var identity = new SystemIdentifier(7301234567890123456);
        Assert.False(await _main.CompleteBootstrapAsync(A, Life, identity, Cancellation));
        await _main.ClaimBootstrapAsync(A, Life, Cancellation);
        Assert.False(await _main.CompleteBootstrapAsync(B, Life, identity, Cancellation));
        Assert.False(await _main.CompleteBootstrapAsync(A, new Incarnation(8), identity, Cancellation));
        _store.LoseAfterApplying = 1;
        Assert.True(await _main.CompleteBootstrapAsync(A, Life, identity, Cancellation));
        Assert.True(await _main.CompleteBootstrapAsync(A, Life, identity, Cancellation));
        Assert.False(await _main.CompleteBootstrapAsync(A, Life, new SystemIdentifier(1), Cancellation));
        var expected = new BootstrapRecord(A, Life, BootstrapState.Done, identity);
        Assert.Equal(expected, await _main.GetBootstrapAsync(Cancellation));
        Assert.Equal(expected, (await _main.ClaimBootstrapAsync(B, Life, Cancellation)).Record);
    }

    [Theory]
    [InlineData("5.2 a", "6.0 b", true)]
    [InlineData("5.2 a", "6.0 -", true)]
    [InlineData("5.2 a", "5.3 a", true)]
    [InlineData("5.2 a", "5.2 a", true)]
    [InlineData("5.2 a", "5.2 -", true)]
    [InlineData("5.2 -", "5.2 a", true)]
    [InlineData("5.2 a", "5.3 -", true)]
    [InlineData("5.2 a", "5.1 a", false)]
    [InlineData("5.2 a", "5.1 -", false)]
    [InlineData("5.2 a", "4.9 b", false)]
    [InlineData("5.2 a", "4.9 -", false)]
    [InlineData("5.2 -", "4.9 b", false)]
    [InlineData("5.2 a", "5.2 b", false)] // a term has one leader
    [InlineData("5.2 a", "5.3 b", false)]
    public async Task A_leadership_never_gives_way_to_a_lower_one(string held, string wanted, bool isPublished)
    {
        Assert.Null(await _main.GetLeadershipAsync(Cancellation));
        Assert.True((await _main.PublishLeadershipAsync(Leadership(held), Cancellation)).IsCurrent);
        var publication = await _main.PublishLeadershipAsync(Leadership(wanted), Cancellation);
        Assert.Equal(isPublished, publication.IsCurrent);
        Assert.Equal(Leadership(isPublished ? wanted : held), publication.Current);
        Assert.Equal(publication.Current, await _main.GetLeadershipAsync(Cancellation));
    }

    [Fact]
    public async Task Concurrent_publications_end_with_the_highest()
    {
        const int terms = 12;
        await using var elsewhere = await _files.OpenAsync();
        var other = new InstanceDirectory(elsewhere, "main");
        var publications = await Task.WhenAll(Enumerable.Range(1, terms).Select(t => Task.Run(
            () => (t % 2 == 0 ? _main : other).PublishLeadershipAsync(
                Leadership($"{t}.0 n{t}"), Cancellation),
            Cancellation)));
        Assert.All(
            publications.Select((p, i) => (p, term: new Term((uint)i + 1))),
            x => Assert.True(x.p.Current.Term >= x.term && x.p.IsCurrent == (x.p.Current.Term == x.term)));
        Assert.Equal(Leadership($"{terms}.0 n{terms}"), await _main.GetLeadershipAsync(Cancellation));
    }

    [Fact]
    public async Task A_store_that_never_replies_is_given_up()
    {
        _store.LoseBeforeSending = int.MaxValue;
        await Assert.ThrowsAsync<StoreUnavailableException>(
            () => _main.PublishLeadershipAsync(Leadership("1.0 a"), Cancellation));
        await Assert.ThrowsAsync<StoreUnavailableException>(
            () => _main.ClaimBootstrapAsync(A, Life, Cancellation));
        await Assert.ThrowsAsync<StoreUnavailableException>(
            () => _main.RegisterNodeAsync(Samples.Node("a"), Cancellation));
        await Assert.ThrowsAsync<StoreUnavailableException>(
            () => _main.AppendEventAsync(Samples.Event("x"), Cancellation));
    }

    [Fact]
    public async Task Nodes_are_registered_listed_and_removed()
    {
        var a = Samples.Node("a") with { Tags = ["x", "y"], LagBytes = 5 };
        await _main.RegisterNodeAsync(a, Cancellation);
        await _main.RegisterNodeAsync(Samples.Node("b"), Cancellation);
        await new InstanceDirectory(_store, "main2").RegisterNodeAsync(Samples.Node("c"), Cancellation);
        Assert.Equal(a, await _main.GetNodeAsync(A, Cancellation));
        Assert.Equal([a, Samples.Node("b")], await _main.ListNodesAsync(Cancellation));

        _store.LoseAfterApplying = 1;
        var changed = a with { State = NodeState.Stopped };
        await _main.RegisterNodeAsync(changed, Cancellation);
        Assert.Equal(changed, await _main.GetNodeAsync(A, Cancellation));

        Assert.True(await _main.RemoveNodeAsync(A, Cancellation));
        Assert.False(await _main.RemoveNodeAsync(A, Cancellation));
        Assert.Null(await _main.GetNodeAsync(A, Cancellation));
    }

    [Fact]
    public async Task Registering_what_is_there_already_writes_nothing()
    {
        await _main.RegisterNodeAsync(Samples.Node("a"), Cancellation);
        var before = await _store.GetAsync(new StoreKey("nodes/main/a"), Cancellation);
        await _main.RegisterNodeAsync(Samples.Node("a"), Cancellation);
        Assert.Equal(before, await _store.GetAsync(new StoreKey("nodes/main/a"), Cancellation));
    }

    [Fact]
    public async Task An_unreadable_record_is_told_and_not_overwritten()
    {
        var key = new StoreKey("instances/main/leadership");
        await _store.CompareAndSetAsync(key, 0, "{\"term\":\"x\"}", Cancellation);
        var told = await Assert.ThrowsAsync<StoreUnavailableException>(
            () => _main.PublishLeadershipAsync(Leadership("9.0 a"), Cancellation));
        Assert.Contains("instances/main/leadership", told.Message, StringComparison.Ordinal);
        Assert.Equal("{\"term\":\"x\"}", (await _store.GetAsync(key, Cancellation))?.Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a b")]
    public void A_name_that_cannot_be_part_of_a_key_names_no_instance(string name) =>
        Assert.Throws<FormatException>(() => new InstanceDirectory(_store, name));

    private static LeadershipRecord Leadership(string text)
    {
        var parts = text.Split('.', ' ');
        var number = System.Globalization.CultureInfo.InvariantCulture;
        return new LeadershipRecord(
            new Term(uint.Parse(parts[0], number)), int.Parse(parts[1], number),
            parts[2] == "-" ? null : new NodeId(parts[2]));
    }
}
