using System.Text.Json.Serialization;

namespace Matriarch.Agent;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PatroniDocument))]
internal sealed partial class PatroniJson : JsonSerializerContext;
