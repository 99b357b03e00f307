using System.Collections.Immutable;
using System.Text.Json;

namespace Matriarch.Models.Tests;

/// <summary>One state of the model (World in models/state.qnt), as far as a replay needs it.</summary>
internal sealed record ModelState
{
    /// <summary>What is broken on purpose; empty for nothing.</summary>
    public required string Sabotage { get; init; }

    public required int Now { get; init; }

    public required ImmutableArray<string> Names { get; init; }

    public required ImmutableSortedDictionary<string, ModelNode> Nodes { get; init; }

    public required ImmutableArray<(int Timeline, int Lsn, int Rule)> Wal { get; init; }

    public required ImmutableArray<ModelRule> Rules { get; init; }

    /// <summary>Acknowledgements of leases under way: from whom, to whom, sent at which tick.</summary>
    public required ImmutableArray<(string From, string To, int SentAt)> Acks { get; init; }

    /// <summary>Answers to recruitments, in the order of attempt, voter and process.</summary>
    public required ImmutableArray<(int Attempt, string From, int Boot, (int, int) Position, int Rule)> Answers
    {
        get;
        init;
    }

    /// <summary>Attempts so far; the newest has this number.</summary>
    public required int Attempts { get; init; }

    public required ModelDeed Deed { get; init; }

    public static ModelState Read(JsonElement state)
    {
        var world = state.GetProperty("s");
        return new ModelState
        {
            Sabotage = world.Text("sabotage"),
            Now = world.Int("now"),
            Names = world.List("order", Itf.Text),
            Nodes = world.Map("nodes", ModelNode.Read),
            Wal = world.List("wal", e => (e.Int("timeline"), e.Int("lsn"), e.Int("rule"))),
            Rules = world.List("rules", ModelRule.Read),
            Acks = world.Set("acks", a => (a.Text("from"), a.Text("to"), a.Int("sentAt"))),
            Answers =
            [
                .. world.Set("answers", a => (
                    a.Int("nonce"), a.Text("from"), a.Int("boot"),
                    (a.GetProperty("position").Int("timeline"), a.GetProperty("position").Int("lsn")), a.Int("rule")))
                    .Order(),
            ],
            Attempts = world.Int("nonces"),
            Deed = ModelDeed.Read(world.GetProperty("did")),
        };
    }

    /// <summary>A trace as <c>quint run --out-itf</c> writes it.</summary>
    public static ImmutableArray<ModelState> ReadTrace(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        return document.RootElement.List("states", Read);
    }

    public int TimelineOf(ModelNode node) => Wal[node.Log[^1]].Timeline;

    /// <summary>The newest rule row that a query would see, an index into the rows.</summary>
    public int VisibleTo(ModelNode node) => node.Postgres == "primary" ? node.Shown : Wal[node.Log[^1]].Rule;

    public bool IsStreaming(ModelNode node)
    {
        if (node.Postgres != "standby" || node.Upstream.Length == 0)
        {
            return false;
        }

        var source = Nodes[node.Upstream];
        return source.Postgres == "primary" && node.Log.Length <= source.Log.Length
            && node.Log[^1] == source.Log[node.Log.Length - 1];
    }

    /// <summary>Whether a voter that is being added can be heard by the leader and follows it.</summary>
    public bool IsNewVoterThere(ModelNode leader)
    {
        var peer = Nodes[leader.Change.Voter];
        return peer.IsUp && Rules[leader.Change.Rule].Voters.Contains((leader.Change.Voter, peer.Life))
            && peer.Posture.Kind == "following" && peer.Posture.Leader == peer.Upstream
            && peer.Posture.Term == peer.Known.Term && IsStreaming(peer);
    }
}
