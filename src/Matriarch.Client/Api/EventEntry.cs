namespace Matriarch.Client;

/// <summary>One decision or change, with its reason.</summary>
/// <param name="Id">Sorts (ordinally) in the order of the events; what <c>after</c> takes.</param>
/// <param name="At">When, in UTC, by the clock of the machine that wrote it: for reading, never for ordering.</param>
/// <param name="Instance">The instance it is about.</param>
/// <param name="Node">The node it is about, or that decided it; null when it is about the whole instance.</param>
/// <param name="Kind">In kebab-case, for example <c>leader-elected</c>.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Message">One sentence with the reason.</param>
/// <param name="Term">The term in which it happened; null when it has none.</param>
public sealed record EventEntry(
    string Id,
    DateTimeOffset At,
    string Instance,
    string? Node,
    string Kind,
    EventSeverity Severity,
    string Message,
    long? Term);
