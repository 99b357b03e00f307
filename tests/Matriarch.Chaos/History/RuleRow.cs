namespace Matriarch.Chaos;

/// <summary>A row of matriarch.rule as a node has it.</summary>
/// <param name="Node">Whose database it is in.</param>
/// <param name="Term">The term.</param>
/// <param name="Revision">Within the term.</param>
/// <param name="Leader">Who leads it.</param>
internal sealed record RuleRow(string Node, long Term, int Revision, string Leader);
