using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Matriarch.Topology;

/// <summary>
/// The JSON of the store: camelCase, enums as lower-case words, times as UTC ISO 8601, terms as numbers, incarnations
/// as 16 hex digits, system identifiers as decimal text (they exceed a JSON double). Unknown fields are ignored, so
/// that a newer version can add some; a missing one is a fault unless the record gives it a default.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters =
    [
        typeof(NodeIdJsonConverter), typeof(TermJsonConverter), typeof(IncarnationJsonConverter),
        typeof(SystemIdentifierJsonConverter), typeof(LowerCaseEnumConverter<BootstrapState>),
        typeof(LowerCaseEnumConverter<EventSeverity>), typeof(LowerCaseEnumConverter<Core.NodeRole>),
        typeof(LowerCaseEnumConverter<Core.NodeState>),
    ])]
[JsonSerializable(typeof(BootstrapRecord))]
[JsonSerializable(typeof(LeadershipRecord))]
[JsonSerializable(typeof(NodeRecord))]
[JsonSerializable(typeof(EventRecord))]
internal sealed partial class TopologyJson : JsonSerializerContext
{
    public static string Write<T>(T record, JsonTypeInfo<T> type) => JsonSerializer.Serialize(record, type);

    /// <summary>False when the value is not such a record; <paramref name="fault"/> then says why.</summary>
    public static bool TryRead<T>(
        StoreEntry entry, JsonTypeInfo<T> type, [NotNullWhen(true)] out T? record, out string fault)
        where T : class
    {
        try
        {
            record = JsonSerializer.Deserialize(entry.Value, type);
            fault = record is null ? $"{entry.Key} holds null" : "";
            return record is not null;
        }
        catch (JsonException e)
        {
            record = null;
            fault = $"{entry.Key} does not hold a {typeof(T).Name}: {e.Message}";
            return false;
        }
    }

    /// <exception cref="StoreUnavailableException">The value is not such a record.</exception>
    public static T Read<T>(StoreEntry entry, JsonTypeInfo<T> type)
        where T : class =>
        TryRead(entry, type, out var record, out var fault) ? record : throw new StoreUnavailableException(fault);
}
