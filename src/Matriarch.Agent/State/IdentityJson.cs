using System.Text.Json;
using System.Text.Json.Serialization;
using Matriarch.Consensus;

namespace Matriarch.Agent;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
    Converters = [typeof(JsonStringEnumConverter<PromiseKind>)])]
[JsonSerializable(typeof(IdentityFile.Document))]
internal sealed partial class IdentityJson : JsonSerializerContext;
