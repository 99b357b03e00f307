using System.Collections.Immutable;

namespace Matriarch.Chaos;

/// <summary>Collects what the checks of one round find; of each property a bounded number.</summary>
internal sealed class Findings
{
    private const int MostOfOneProperty = 20;

    private readonly List<Violation> _violations = [];
    private readonly SortedDictionary<string, int> _documented = new(StringComparer.Ordinal);

    /// <summary>Something that must never be.</summary>
    public void Add(string property, string message, TimeSpan? at = null)
    {
        if (_violations.Count(v => v.Property == property) < MostOfOneProperty)
        {
            _violations.Add(new Violation(property, message, at));
        }
    }

    /// <summary>Something that the documents allow.</summary>
    public void Allow(string kind, int count = 1) => _documented[kind] = _documented.GetValueOrDefault(kind) + count;

    public Verdict ToVerdict() => new([.. _violations], _documented.ToImmutableSortedDictionary());
}
