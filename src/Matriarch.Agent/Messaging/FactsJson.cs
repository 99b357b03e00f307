using System.Text.Json.Serialization;

namespace Matriarch.Agent;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(NodeFacts))]
[JsonSerializable(typeof(PauseState))]
internal sealed partial class FactsJson : JsonSerializerContext;
