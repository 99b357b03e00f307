using System.Text.Json;
using System.Text.Json.Serialization;
using Matriarch.Core;

namespace Matriarch.Topology;

/// <summary>The name as text.</summary>
internal sealed class NodeIdJsonConverter : JsonConverter<NodeId>
{
    public override NodeId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = JsonText.Of(ref reader);
        return NodeId.IsValid(text) ? new NodeId(text) : throw new JsonException($"\"{text}\" is not a node name");
    }

    public override void Write(Utf8JsonWriter writer, NodeId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);
}
