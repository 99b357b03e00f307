namespace Matriarch.Client;

/// <summary>One instance as one agent sees it.</summary>
/// <param name="Name">The instance, for example <c>main</c>.</param>
/// <param name="Term">The term of the last rule that this agent knows; 0 before the first.</param>
/// <param name="Timeline">PostgreSQL's timeline, equal to the term once its leader serves; null when not known.</param>
/// <param name="Primary">The serving leader; null while there is none.</param>
/// <param name="Durability">In words, for example <c>majority (2 of 3)</c>.</param>
/// <param name="Nodes">All known nodes, ordered by name.</param>
/// <param name="Revision">
/// The rule's revision within the term; with the term it tells which of two answers is newer.
/// </param>
/// <param name="Voters">The nodes whose acknowledgement counts, by name; null when the agent does not tell.</param>
/// <param name="Paused">Why an operator has paused it, perhaps empty; null while it is not paused.</param>
/// <param name="Facts">What holds now, worst first; null when the agent does not tell.</param>
public sealed record InstanceStatus(
    string Name,
    long Term,
    long? Timeline,
    string? Primary,
    string Durability,
    IReadOnlyList<NodeStatus> Nodes,
    int Revision = 0,
    IReadOnlyList<string>? Voters = null,
    string? Paused = null,
    IReadOnlyList<FactEntry>? Facts = null);
