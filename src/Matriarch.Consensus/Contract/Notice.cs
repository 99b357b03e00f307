using Matriarch.Core;

namespace Matriarch.Consensus;

/// <summary>One line of the story that the operator reads: what was decided and why.</summary>
/// <param name="Kind">A stable word with dashes, for filters and alerts.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Term">The term it belongs to.</param>
/// <param name="Text">A sentence with the reason.</param>
public sealed record Notice(string Kind, NoticeSeverity Severity, Term Term, string Text);
