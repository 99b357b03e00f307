using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Matriarch.Agent;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ImmutableArray<SlotLedgerEntry>))]
internal sealed partial class SlotsJson : JsonSerializerContext;
