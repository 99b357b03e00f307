using System.Text.Json.Serialization;

namespace Matriarch.Agent;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(NodeFacts))]
internal sealed partial class FactsJson : JsonSerializerContext;
