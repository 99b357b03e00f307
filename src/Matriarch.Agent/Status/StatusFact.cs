using Matriarch.Client;
using Matriarch.Core;

namespace Matriarch.Agent;

/// <summary>One of the facts that hold at the same time.</summary>
/// <param name="Topic">What it is about; with the node the identity of the fact.</param>
/// <param name="Node">The node that it is about; none for the whole instance.</param>
/// <param name="Scope">Whether any agent may tell it, or only the one that sees it.</param>
/// <param name="Kind">A stable word with dashes, unique among all topics.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Text">One sentence with the reason; may change without the fact changing.</param>
internal sealed record StatusFact(
    string Topic, NodeId Node, FactScope Scope, string Kind, FactSeverity Severity, string Text)
{
    /// <summary>What stays the same while the fact changes.</summary>
    public (string Topic, NodeId Node) Key => (Topic, Node);

    /// <summary>A fact about the whole instance.</summary>
    public static StatusFact OfInstance(string topic, string kind, FactSeverity severity, string text) =>
        new(topic, default, FactScope.Instance, kind, severity, text);

    /// <summary>Whether the same holds, whatever numbers the text has by now.</summary>
    public bool IsAs(StatusFact? other) =>
        other is not null && Key == other.Key && Kind == other.Kind && Severity == other.Severity;
}
