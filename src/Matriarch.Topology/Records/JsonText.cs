using System.Text.Json;

namespace Matriarch.Topology;

/// <summary>Reading of scalars, with <see cref="JsonException"/> for every mistake.</summary>
internal static class JsonText
{
    public static string Of(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String
            ? reader.GetString() ?? ""
            : throw new JsonException($"expected text, found {reader.TokenType}");
}
