namespace Matriarch.Client;

/// <summary>
/// One of several facts that hold at the same time. Topic and node name it; kind and severity are what may change.
/// </summary>
/// <param name="Topic">
/// <c>health</c>, <c>failover</c>, <c>replication</c>, <c>membership</c>, <c>durability</c>, <c>pause</c>,
/// <c>switchover</c>, <c>postgres</c>, <c>store</c>, <c>logical-slots</c> or <c>gateway</c>.
/// </param>
/// <param name="Node">The node that it is about; null when it is about the whole instance.</param>
/// <param name="Kind">A stable word with dashes, for filters and alerts: <c>writes-blocked</c>.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Since">Since when topic, node, kind and severity are these; UTC, by the clock of that agent.</param>
/// <param name="Seconds">The same as an age, by a clock that never jumps.</param>
/// <param name="Text">One sentence with the reason.</param>
/// <param name="Scope">Whose fact it is.</param>
public sealed record FactEntry(
    string Topic,
    string? Node,
    string Kind,
    FactSeverity Severity,
    DateTimeOffset Since,
    double Seconds,
    string Text,
    FactScope Scope);
