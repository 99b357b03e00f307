using System.Collections.Immutable;
using System.Text.Json;

namespace Matriarch.Models.Tests;

/// <summary>What one step of the model did (Deed in models/state.qnt).</summary>
internal sealed record ModelDeed(
    string Name, string Node, string Other, int Number, ImmutableArray<(string Node, int Number)> Chosen)
{
    public static ModelDeed Read(JsonElement deed) => new(
        deed.Text("name"), deed.Text("node"), deed.Text("other"), deed.Int("number"),
        [.. deed.Set("chosen", v => (v.Text("node"), v.Int("life"))).Order()]);

    public override string ToString() =>
        $"{Name} {Node} {Other} {(Number == 0 ? "" : Number)} {string.Join(' ', Chosen.Select(c => c.Node))}".TrimEnd();
}
