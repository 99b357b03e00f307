using System.Text.Json.Serialization;
using Matriarch.Client;
using Matriarch.Core;

namespace Matriarch.Agent;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters = [typeof(LowerCaseEnumConverter<NodeRole>), typeof(LowerCaseEnumConverter<NodeState>)])]
[JsonSerializable(typeof(HealthDocument))]
internal sealed partial class HealthJson : JsonSerializerContext;
