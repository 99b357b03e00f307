namespace Matriarch.Agent;

/// <summary>What is different between two sets of facts. Pure.</summary>
internal static class FactDiff
{
    /// <summary>The changes, the worst first. A text that became another is none.</summary>
    public static IReadOnlyList<FactChange> Between(
        IEnumerable<StatusFact> before, IEnumerable<StatusFact> after)
    {
        var known = before.ToDictionary(f => f.Key);
        var changes = new List<FactChange>();
        foreach (var fact in after)
        {
            if (!known.Remove(fact.Key, out var was) || !fact.IsAs(was))
            {
                changes.Add(new FactChange(was, fact));
            }
        }

        changes.AddRange(known.Values.Select(gone => new FactChange(gone, null)));
        return
        [
            .. changes.OrderByDescending(c => c.Severity).ThenBy(c => c.Subject.Topic, StringComparer.Ordinal)
                .ThenBy(c => c.Subject.Node),
        ];
    }
}
