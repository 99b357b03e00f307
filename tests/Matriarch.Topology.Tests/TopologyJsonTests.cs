using System.Globalization;
using Matriarch.Core;

namespace Matriarch.Topology.Tests;

/// <summary>The exact texts that other versions and other programs find in the store.</summary>
public sealed class TopologyJsonTests
{
    private static readonly StoreKey Key = new("k");

    [Fact]
    public void A_bootstrap_record_has_this_form() => AssertForm(
        """{"node":"a","incarnation":"000000000000ff01","state":"done","systemIdentifier":"18446744073709551615"}""",
        new BootstrapRecord(
            new NodeId("a"), new Incarnation(0xff01), BootstrapState.Done, new SystemIdentifier(ulong.MaxValue)),
        TopologyJson.Default.BootstrapRecord);

    [Theory]
    [InlineData("""{"term":5,"revision":2,"primary":"a"}""", "a")]
    [InlineData("""{"term":5,"revision":2,"primary":null}""", null)]
    public void A_leadership_record_has_this_form(string json, string? primary) => AssertForm(
        json, new LeadershipRecord(new Term(5), 2, primary is null ? null : new NodeId(primary)),
        TopologyJson.Default.LeadershipRecord);

    [Fact]
    public void A_node_record_has_this_form() => AssertForm(
        """{"name":"a","cell":"cell-a","host":"127.0.0.1","port":7001,"api":"http://127.0.0.1:7101","""
        + """ "heartbeat":"127.0.0.1:7201","incarnation":"0000000000000001","observer":false,""".TrimStart()
        + """ "tags":["x"],"role":"replica","state":"streaming","lagBytes":null,"hasData":true}""".TrimStart(),
        Samples.Node("a") with { Tags = ["x"] },
        TopologyJson.Default.NodeRecord);

    [Fact]
    public void An_event_record_has_this_form() => AssertForm(
        """{"id":"0000000000000001","at":"2026-03-01T11:00:00+00:00","instance":"main","node":"a","kind":"k","""
        + "\"severity\":\"warning\",\"message\":\"m\",\"term\":3}",
        new EventRecord(
            "0000000000000001", DateTimeOffset.Parse("2026-03-01T11:00:00Z", CultureInfo.InvariantCulture), "main",
            new NodeId("a"), "k", EventSeverity.Warning, "m", new Term(3)),
        TopologyJson.Default.EventRecord);

    [Fact]
    public void An_event_that_tells_a_fact_has_this_form() => AssertForm(
        """{"id":"0000000000000001","at":"2026-03-01T11:00:00+00:00","instance":"main","node":"a","kind":"k","""
        + """ "severity":"warning","message":"m","term":3,"fact":{"topic":"replication","about":"b"}}""".TrimStart(),
        new EventRecord(
            "0000000000000001", DateTimeOffset.Parse("2026-03-01T11:00:00Z", CultureInfo.InvariantCulture), "main",
            new NodeId("a"), "k", EventSeverity.Warning, "m", new Term(3),
            new ToldFact("replication", new NodeId("b"))),
        TopologyJson.Default.EventRecord);

    [Fact]
    public void Fields_of_a_later_version_are_ignored()
    {
        var entry = new StoreEntry(Key, 1, """{"term":5,"revision":2,"primary":"a","lease":{"x":[1]}}""");
        Assert.Equal(5u, TopologyJson.Read(entry, TopologyJson.Default.LeadershipRecord).Term.Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"term":-1,"revision":2,"primary":"a"}""")]
    [InlineData("""{"term":"5","revision":2,"primary":"a"}""")]
    [InlineData("""{"term":4294967296,"revision":2,"primary":"a"}""")]
    [InlineData("""{"term":5,"revision":2,"primary":"A"}""")]
    [InlineData("""{"term":5,"revision":2,"primary":5}""")]
    [InlineData("""{"revision":2,"primary":"a"}""")]
    public void Anything_else_is_no_leadership(string json)
    {
        var entry = new StoreEntry(Key, 1, json);
        Assert.False(TopologyJson.TryRead(entry, TopologyJson.Default.LeadershipRecord, out _, out var fault));
        Assert.StartsWith("k ", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"state\":\"streaming\"", "\"state\":\"Streaming\"")]
    [InlineData("\"state\":\"streaming\"", "\"state\":7")]
    [InlineData("\"incarnation\":\"0000000000000001\"", "\"incarnation\":\"x\"")]
    [InlineData("\"cell\":\"cell-a\"", "\"cell\":null")]
    [InlineData("\"tags\":[]", "\"tags\":null")]
    public void A_wrong_field_makes_the_record_unreadable(string right, string wrong)
    {
        var json = TopologyJson.Write(Samples.Node("a"), TopologyJson.Default.NodeRecord);
        Assert.Contains(right, json, StringComparison.Ordinal);
        var entry = new StoreEntry(Key, 1, json.Replace(right, wrong, StringComparison.Ordinal));
        Assert.False(TopologyJson.TryRead(entry, TopologyJson.Default.NodeRecord, out _, out _));
    }

    private static void AssertForm<T>(
        string json, T record, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        Assert.Equal(json, TopologyJson.Write(record, type));
        Assert.Equal(record, TopologyJson.Read(new StoreEntry(Key, 1, json), type));
    }
}
