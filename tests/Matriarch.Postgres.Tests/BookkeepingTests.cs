using System.Globalization;
using Matriarch.Core;
using Matriarch.TestKit;

namespace Matriarch.Postgres.Tests;

public sealed class BookkeepingTests(DataTemplate template)
{
    private static readonly DateTimeOffset Then = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Events_are_written_once_each_and_the_newest_are_kept()
    {
        await using var node = await TestNode.PrimaryAsync(template, "a", 2);
        var books = node.Server.Books;
        Assert.Equal(0, Number(await books.PrepareAsync(TestNode.None)));
        Assert.Equal(0, Number(await books.PrepareAsync(TestNode.None)));

        Assert.Equal(3, Number(await books.AppendAsync([Event(10), Event(11), Event(12)], TestNode.None)));
        Assert.Equal(
            1, Number(await books.AppendAsync([Event(12) with { Message = "again" }, Event(13)], TestNode.None)));
        Assert.Equal(13, Number(await books.PrepareAsync(TestNode.None)));
        Assert.Equal("it is 12, '\"\\ and more", await node.SqlAsync(
            "SELECT message FROM matriarch.event WHERE id = 12"));
        Assert.Equal(
            "2026-11-21 08:00:00|a|leader-serving|info|2",
            await node.SqlAsync(
                "SELECT concat_ws('|', at AT TIME ZONE 'UTC', node, kind, severity, term) FROM matriarch.event "
                    + "WHERE id = 10"));

        Assert.Equal(2, Number(await books.TrimEventsAsync(2, TestNode.None)));
        Assert.Equal(0, Number(await books.TrimEventsAsync(2, TestNode.None)));
        Assert.Equal("12 13", await node.SqlAsync("SELECT string_agg(id::text, ' ' ORDER BY id) FROM matriarch.event"));
    }

    [Fact]
    public async Task A_step_deletes_a_bounded_number_of_rows_from_the_oldest_on()
    {
        await using var node = await TestNode.PrimaryAsync(template, "a", 2);
        var books = node.Server.Books;
        await books.PrepareAsync(TestNode.None);
        await node.SqlAsync(
            "INSERT INTO matriarch.event SELECT n, now(), 'a', 'x', 'info', 2, 'y' FROM generate_series(1, 2500) n");

        Assert.Equal(Bookkeeping.MostDeleted, Number(await books.TrimEventsAsync(500, TestNode.None)));
        Assert.Equal(1001L, await node.SqlAsync("SELECT min(id) FROM matriarch.event"));
        Assert.Equal(Bookkeeping.MostDeleted, Number(await books.TrimEventsAsync(500, TestNode.None)));
        Assert.Equal(0, Number(await books.TrimEventsAsync(500, TestNode.None)));
    }

    [Fact]
    public async Task Nothing_waits_for_standbys_that_are_not_there()
    {
        await using var node = await TestNode.PrimaryAsync(template, "a", 2);
        Assert.IsType<ServerOutcome.Done>(await node.Server.SetSynchronousStandbysAsync(
            1, [new NodeId("b")], TestNode.Soon, TestNode.None));

        Assert.Equal(0, Number(await node.Server.Books.PrepareAsync(TestNode.None)));
        Assert.Equal(1, Number(await node.Server.Books.AppendAsync([Event(1)], TestNode.None)));
    }

    [Fact]
    public async Task A_table_that_somebody_locks_costs_a_deadline_and_no_more()
    {
        await using var node = await TestNode.PrimaryAsync(template, "a", 2);
        await node.Server.Books.PrepareAsync(TestNode.None);
        await using var other = await node.ConnectAsync();
        await other.ExecuteAsync("BEGIN");
        await other.ExecuteAsync("LOCK matriarch.event");

        Assert.IsType<BookkeepingOutcome.Failed>(await node.Server.Books.AppendAsync([Event(1)], TestNode.None));
        await other.ExecuteAsync("COMMIT");
        Assert.Equal(1, Number(await node.Server.Books.AppendAsync([Event(1)], TestNode.None)));
    }

    [Fact]
    public async Task A_follower_that_lacks_the_last_events_is_told_where_to_go_on_when_it_leads()
    {
        await using var primary = await TestNode.PrimaryAsync(template, "a", 2);
        await using var standby = await TestNode.StartAsync(template, "b");
        await standby.FollowAsync(primary, 2);
        await primary.Server.Books.PrepareAsync(TestNode.None);
        await primary.Server.Books.AppendAsync([Event(1), Event(2)], TestNode.None);
        await standby.CatchesUpAsync((await primary.PositionAsync()).Lsn);
        await standby.DetachAsync();
        await primary.Server.Books.AppendAsync([Event(3)], TestNode.None);

        await standby.PromoteAsync(3);

        Assert.Equal(2, Number(await standby.Server.Books.PrepareAsync(TestNode.None)));
        Assert.Equal(2, Number(await standby.Server.Books.AppendAsync([Event(3), Event(4)], TestNode.None)));
        Assert.Equal(4L, await standby.SqlAsync("SELECT count(*) FROM matriarch.event"));
    }

    [Fact]
    public async Task Old_rules_go_and_the_newest_stays_at_every_position_of_the_WAL()
    {
        await using var primary = await TestNode.PrimaryAsync(template, "a", 2);
        await using var standby = await TestNode.StartAsync(template, "b");
        await standby.FollowAsync(primary, 2);
        await AddRulesAsync(primary, 2, 40, 4);
        var newest = Assert.IsType<Rule>((await primary.SnapshotAsync()).Rule);
        Assert.Equal((40u, 3), (newest.Term.Value, newest.Revision));

        // The crash that would break it: the deletion is in the WAL that is left, and the newest row is not.
        await standby.CatchesUpAsync((await primary.PositionAsync()).Lsn);
        await standby.DetachAsync();
        await AddRulesAsync(primary, 41, 60, 4);
        Assert.True(Number(await primary.Server.Books.TrimRulesAsync(20, 3, TestNode.None)) > 150);

        Assert.Equal(new Term(60), (await primary.SnapshotAsync()).Rule!.Term);
        Assert.Equal(20L, await primary.SqlAsync("SELECT count(*) FROM matriarch.rule"));
        Assert.Equal(newest, (await standby.SnapshotAsync()).Rule);
        await primary.Server.StopAsync(ShutdownMode.Immediate, TestNode.Soon);
        await primary.StartAsync();
        Assert.Equal(new Term(60), (await primary.SnapshotAsync()).Rule!.Term);
        await standby.PromoteAsync(41);
        Assert.True(Number(await standby.Server.Books.TrimRulesAsync(1, 1, TestNode.None)) > 150);
        Assert.Equal(newest, (await standby.SnapshotAsync()).Rule);
        Assert.Equal(4L, await standby.SqlAsync("SELECT count(*) FROM matriarch.rule")); // all of the newest term
    }

    [Fact]
    public async Task The_last_terms_are_kept_whole()
    {
        await using var node = await TestNode.PrimaryAsync(template, "a", 2);
        await AddRulesAsync(node, 2, 5, 30);

        await node.Server.Books.TrimRulesAsync(10, 3, TestNode.None);

        Assert.Equal(90L, await node.SqlAsync("SELECT count(*) FROM matriarch.rule"));
        Assert.Equal(3L, await node.SqlAsync("SELECT min(term) FROM matriarch.rule"));
    }

    private static Task<object?> AddRulesAsync(TestNode node, int first, int last, int revisions) => node.SqlAsync(
        string.Create(CultureInfo.InvariantCulture, $"""
            INSERT INTO matriarch.rule (term, revision, leader, voters, policy, system_identifier)
            SELECT t, r, leader, voters, policy, system_identifier
            FROM (SELECT * FROM matriarch.rule ORDER BY term LIMIT 1) one,
                generate_series({first}, {last}) t, generate_series(0, {revisions - 1}) r
            """));

    private static StoredEvent Event(long id) => new(
        id, Then, new NodeId("a"), "leader-serving", "info", new Term(2),
        string.Create(CultureInfo.InvariantCulture, $"it is {id}, '\"\\ and more"));

    private static long Number(BookkeepingOutcome outcome) =>
        Assert.IsType<BookkeepingOutcome.Done>(outcome).Number;
}
