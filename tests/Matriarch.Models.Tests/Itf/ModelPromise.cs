using System.Text.Json;

namespace Matriarch.Models.Tests;

/// <summary>A promise of the model; <paramref name="Kind"/> is following, recruited or appointed.</summary>
internal sealed record ModelPromise(int Term, string Kind, string Node, int Accepted)
{
    public static ModelPromise Read(JsonElement promise) =>
        new(promise.Int("term"), promise.Text("kind"), promise.Text("node"), promise.Int("accepted"));
}
