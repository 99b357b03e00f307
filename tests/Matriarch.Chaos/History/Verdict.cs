using System.Collections.Immutable;

namespace Matriarch.Chaos;

/// <summary>What the checker says of a round.</summary>
/// <param name="Violations">What must never be.</param>
/// <param name="Documented">What the documents allow, by kind: seen how often.</param>
internal sealed record Verdict(
    ImmutableArray<Violation> Violations, ImmutableSortedDictionary<string, int> Documented)
{
    public bool IsClean => Violations.IsEmpty;
}
