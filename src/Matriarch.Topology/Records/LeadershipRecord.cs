using Matriarch.Core;

namespace Matriarch.Topology;

/// <summary><c>instances/{instance}/leadership</c>: the published leadership, ordered by (term, revision).</summary>
/// <param name="Term">The term of the leader.</param>
/// <param name="Revision">The rule's revision within the term, from 0.</param>
/// <param name="Primary">The serving leader; null while none serves.</param>
public sealed record LeadershipRecord(Term Term, int Revision, NodeId? Primary)
{
    /// <summary>Whether this is older than (term, revision).</summary>
    public bool IsOlderThan(Term term, int revision) => Term < term || (Term == term && Revision < revision);
}
