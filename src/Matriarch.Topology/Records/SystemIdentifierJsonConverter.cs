using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Matriarch.Core;

namespace Matriarch.Topology;

/// <summary>Decimal text, as PostgreSQL prints it.</summary>
internal sealed class SystemIdentifierJsonConverter : JsonConverter<SystemIdentifier>
{
    public override SystemIdentifier Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ulong.TryParse(JsonText.Of(ref reader), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? new SystemIdentifier(value)
            : throw new JsonException("a system identifier is a decimal number in quotes");

    public override void Write(Utf8JsonWriter writer, SystemIdentifier value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
