namespace Matriarch.Agent;

/// <summary>What is to be told after one look.</summary>
/// <param name="Changes">Each is one event.</param>
/// <param name="Skipped">Changes that came and went while there were too many to tell; 0 when there is nothing to
/// say about them now.</param>
internal sealed record FactReport(IReadOnlyList<FactChange> Changes, int Skipped);
