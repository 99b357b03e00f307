using System.Text.Json;
using System.Text.Json.Serialization;
using Matriarch.Core;

namespace Matriarch.Client;

/// <summary>
/// The JSON of the API: camelCase names, lower-case enums, nulls written. Generated, so that a command starts without
/// reflection.
/// </summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    Converters =
    [
        typeof(LowerCaseEnumConverter<NodeRole>),
        typeof(LowerCaseEnumConverter<NodeState>),
        typeof(LowerCaseEnumConverter<EventSeverity>),
        typeof(LowerCaseEnumConverter<FactSeverity>),
        typeof(LowerCaseEnumConverter<FactScope>),
        typeof(LowerCaseEnumConverter<PostgresAtShutdown>),
        typeof(LowerCaseEnumConverter<ServicePhase>),
    ])]
[JsonSerializable(typeof(StatusDocument))]
[JsonSerializable(typeof(EventsDocument))]
[JsonSerializable(typeof(SwitchoverRequest))]
[JsonSerializable(typeof(SwitchoverOutcome))]
[JsonSerializable(typeof(ShutdownRequest))]
[JsonSerializable(typeof(DurabilityRequest))]
[JsonSerializable(typeof(DurabilityOutcome))]
[JsonSerializable(typeof(RemovalOutcome))]
[JsonSerializable(typeof(RecoveryRequest))]
[JsonSerializable(typeof(PauseRequest))]
[JsonSerializable(typeof(PauseOutcome))]
[JsonSerializable(typeof(LocalStatus))]
[JsonSerializable(typeof(LeadershipDocument))]
[JsonSerializable(typeof(StalenessDocument))]
[JsonSerializable(typeof(ClientKeyRequest))]
[JsonSerializable(typeof(ClientKeyDocument))]
[JsonSerializable(typeof(ApiError))]
public sealed partial class ApiJson : JsonSerializerContext;
