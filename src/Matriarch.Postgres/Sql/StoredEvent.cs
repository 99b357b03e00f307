using Matriarch.Core;

namespace Matriarch.Postgres;

/// <summary>One row of matriarch.event.</summary>
/// <param name="Id">The id that the topology store gave it; later events have higher ids.</param>
/// <param name="At">When, by the clock of the node that told it.</param>
/// <param name="Node">Who told it; none when nobody in particular did.</param>
/// <param name="Kind">A word with dashes.</param>
/// <param name="Severity">info, warning or error.</param>
/// <param name="Term">The term in which it happened.</param>
/// <param name="Message">One sentence with the reason.</param>
public sealed record StoredEvent(
    long Id, DateTimeOffset At, NodeId Node, string Kind, string Severity, Term Term, string Message);
