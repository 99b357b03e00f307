using Matriarch.Core;

namespace Matriarch.Topology;

/// <summary>An event before the store has given it an id; the parameters are those of <see
/// cref="EventRecord"/>.</summary>
public sealed record NewEvent(
    DateTimeOffset At, NodeId Node, string Kind, EventSeverity Severity, string Message, Term Term,
    ToldFact? Fact = null);
