using System.Text.Json;
using System.Text.Json.Serialization;

namespace Matriarch.Topology;

/// <summary>An enum as a lower-case word; numbers and unknown words are refused.</summary>
internal sealed class LowerCaseEnumConverter<T> : JsonConverter<T>
    where T : struct, Enum
{
    private static readonly Dictionary<string, T> ByWord =
        Enum.GetValues<T>().ToDictionary(v => Word(v), StringComparer.Ordinal);

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = JsonText.Of(ref reader);
        return ByWord.TryGetValue(text, out var value)
            ? value
            : throw new JsonException($"\"{text}\" is none of {string.Join(", ", ByWord.Keys)}");
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Word(value));

#pragma warning disable CA1308 // lower case is the format, not a normalization
    private static string Word(T value) => value.ToString().ToLowerInvariant();
#pragma warning restore CA1308
}
