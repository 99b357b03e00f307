using System.Text.Json.Serialization;

namespace Matriarch.Agent;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(Dictionary<string, NodeFacts>))]
internal sealed partial class PeersJson : JsonSerializerContext;
