using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Matriarch.Client;

namespace Matriarch.Cli;

/// <summary>The JSON that commands print: the shapes of the API, indented, or one line where many follow.</summary>
internal static class Json
{
    // Commands print for terminals and programs, not into HTML: an apostrophe may stay what it is.
    private static readonly JsonSerializerOptions Indented = new(ApiJson.Default.Options)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = JsonTypeInfoResolver.Combine(ApiJson.Default, new DefaultJsonTypeInfoResolver()),
    };

    private static readonly JsonSerializerOptions OneLine = new(Indented) { WriteIndented = false };

    /// <summary>A document of the API, indented.</summary>
    public static string Text<T>(T document) => JsonSerializer.Serialize(document, Indented);

    /// <summary>A document of the API on one line.</summary>
    public static string Line<T>(T document) => JsonSerializer.Serialize(document, OneLine);

    /// <summary>A document as a node, to put into a larger one.</summary>
    public static JsonNode? Node<T>(T document) => JsonSerializer.SerializeToNode(document, OneLine);
}
