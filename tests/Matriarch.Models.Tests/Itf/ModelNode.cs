using System.Collections.Immutable;
using System.Text.Json;

namespace Matriarch.Models.Tests;

/// <summary>One node of the model (Node in models/state.qnt), as far as a replay needs it.</summary>
internal sealed record ModelNode
{
    public required bool IsUp { get; init; }

    public required int Boot { get; init; }

    public required int Life { get; init; }

    public required ModelPromise Promise { get; init; }

    public required ModelPromise Durable { get; init; }

    public required ModelPosture Posture { get; init; }

    public required (int Term, string Leader) Known { get; init; }

    /// <summary>The newest rule that it knows, an index into the rows; -1 for none.</summary>
    public required int Rule { get; init; }

    public required string Phase { get; init; }

    /// <summary>The rule that it leads by; -1 for none.</summary>
    public required int Ruling { get; init; }

    public required (string Kind, int Rule, int Row, string Voter) Change { get; init; }

    public required string Postgres { get; init; }

    public required ImmutableArray<int> Log { get; init; }

    public required string Upstream { get; init; }

    public required (int Timeline, int Lsn) Floor { get; init; }

    public required int Shown { get; init; }

    /// <summary>How many synchronous standbys a commit waits for, and of which.</summary>
    public required int Copies { get; init; }

    public required ImmutableArray<string> Standbys { get; init; }

    public bool IsLeading => Phase != "none";

    public static ModelNode Read(JsonElement node)
    {
        var (known, change, floor) =
            (node.GetProperty("known"), node.GetProperty("change"), node.GetProperty("floor"));
        return new ModelNode
        {
            IsUp = node.Bool("up"),
            Boot = node.Int("boot"),
            Life = node.Int("life"),
            Promise = ModelPromise.Read(node.GetProperty("promise")),
            Durable = ModelPromise.Read(node.GetProperty("durable")),
            Posture = ModelPosture.Read(node.GetProperty("posture")),
            Known = (known.Int("term"), known.Text("leader")),
            Rule = node.Int("rule"),
            Phase = node.Text("phase"),
            Ruling = node.Int("ruling"),
            Change = (change.Text("kind"), change.Int("rule"), change.Int("row"), change.Text("voter")),
            Postgres = node.Text("pg"),
            Log = node.List("log", Itf.Int),
            Upstream = node.Text("upstream"),
            Floor = (floor.Int("timeline"), floor.Int("lsn")),
            Shown = node.Int("shown"),
            Copies = node.Int("copies"),
            Standbys = [.. node.Set("standbys", Itf.Text).Order(StringComparer.Ordinal)],
        };
    }
}
