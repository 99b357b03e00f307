using System.Text.Json.Serialization;
using Matriarch.Core;

namespace Matriarch.Topology;

/// <summary><c>events/{instance}/{id}</c>: one line of an instance's story.</summary>
/// <param name="Id">16 digits; later events have higher ids.</param>
/// <param name="At">When, by the clock of the node that tells it (UTC).</param>
/// <param name="Instance">The instance.</param>
/// <param name="Node">Who tells it.</param>
/// <param name="Kind">A kebab-case word, for example <c>leadership-changed</c>.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Message">One sentence with the reason.</param>
/// <param name="Term">The term in which it happened.</param>
/// <param name="Fact">The fact whose change this is; null when it is none.</param>
public sealed record EventRecord(
    string Id, DateTimeOffset At, string Instance, NodeId Node, string Kind, EventSeverity Severity, string Message,
    Term Term, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ToldFact? Fact = null);
