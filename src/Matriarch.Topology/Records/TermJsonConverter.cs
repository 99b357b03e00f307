using System.Text.Json;
using System.Text.Json.Serialization;
using Matriarch.Core;

namespace Matriarch.Topology;

/// <summary>The term as a number.</summary>
internal sealed class TermJsonConverter : JsonConverter<Term>
{
    public override Term Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetUInt32(out var value)
            ? new Term(value)
            : throw new JsonException("a term is a whole number from 0");

    public override void Write(Utf8JsonWriter writer, Term value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value.Value);
}
