using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Matriarch.Core;

namespace Matriarch.Topology;

/// <summary>16 hex digits.</summary>
internal sealed class IncarnationJsonConverter : JsonConverter<Incarnation>
{
    public override Incarnation Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ulong.TryParse(
            JsonText.Of(ref reader), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? new Incarnation(value)
            : throw new JsonException("an incarnation is up to 16 hexadecimal digits");

    public override void Write(Utf8JsonWriter writer, Incarnation value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
