using System.Collections.Immutable;
using System.Text.Json;

namespace Matriarch.Models.Tests;

/// <summary>A rule row of the model (Rule in models/state.qnt).</summary>
internal sealed record ModelRule(
    int Term, int Revision, string Leader, ImmutableArray<(string Node, int Life)> Voters, int Copies)
{
    public static ModelRule Read(JsonElement rule) => new(
        rule.Int("term"), rule.Int("revision"), rule.Text("leader"),
        [.. rule.Set("voters", v => (v.Text("node"), v.Int("life"))).Order()], rule.Int("copies"));
}
