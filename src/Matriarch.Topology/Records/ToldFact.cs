using System.Text.Json.Serialization;
using Matriarch.Core;

namespace Matriarch.Topology;

/// <summary>Which fact an event tells, so that who tells it next knows what people believe.</summary>
/// <param name="Topic">What it is about.</param>
/// <param name="About">The node that it is about; null for the whole instance.</param>
/// <param name="IsOwn">Whether only the node that told it sees it, and not any agent.</param>
/// <param name="IsOver">Whether it told the end of the fact.</param>
public sealed record ToldFact(
    string Topic,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] NodeId? About = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsOwn = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsOver = false);
