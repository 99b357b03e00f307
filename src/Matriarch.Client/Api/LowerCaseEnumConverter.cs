using System.Text.Json;
using System.Text.Json.Serialization;

namespace Matriarch.Client;

/// <summary>Writes enums as lower-case words, <c>streaming</c>; numbers are not accepted.</summary>
public sealed class LowerCaseEnumConverter<T>() : JsonStringEnumConverter<T>(
    JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;
