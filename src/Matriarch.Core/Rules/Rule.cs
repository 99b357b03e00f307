using System.Collections.Immutable;

namespace Matriarch.Core;

/// <summary>
/// Who leads an instance and whose acknowledgements count. It is a row in the database itself (schema <c>matriarch
/// </c>), so a change of membership is ordered with the data in the WAL. Revisions number the changes within a term,
/// from 0.
/// </summary>
public sealed record Rule(
    Term Term, int Revision, NodeId Leader, ImmutableArray<Voter> Voters, DurabilityPolicy Policy)
{
    /// <summary>Durable copies that a commit needs under this rule, the primary's included.</summary>
    public int RequiredCopies => Policy.RequiredCopies(Voters.Length);

    /// <summary>Whether the node, in this life of its promises, votes.</summary>
    public bool HasVoter(NodeId node, Incarnation incarnation) => Voters.Contains(new Voter(node, incarnation));

    /// <summary>Whether a node of this name votes, in whatever life.</summary>
    public bool HasVoter(NodeId node)
    {
        foreach (var voter in Voters)
        {
            if (voter.Node == node)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A strict majority of the voters.</summary>
    public int MajorityCount => (Voters.Length / 2) + 1;

    /// <summary>
    /// Whether these many recruited voters may decide the next term (docs/architecture.md, step 4): a
    /// strict majority, and the others could not form a commit quorum of this rule. Asynchronous mode gives up the
    /// second half: that is what asynchronous means.
    /// </summary>
    public bool IsEnough(int recruited) =>
        recruited >= MajorityCount
        && (Policy.IsAsynchronous || Voters.Length - recruited < RequiredCopies);

    /// <summary>The standbys that a leader must list in synchronous_standby_names, in order.</summary>
    public IEnumerable<NodeId> Standbys(NodeId leader) => Voters.Select(v => v.Node).Where(n => n != leader).Order();

    /// <summary>
    /// Whether this rule is newer than the other, by term, then revision; any rule is newer than none.
    /// </summary>
    public bool IsNewerThan(Rule? other) =>
        other is null || Term > other.Term || (Term == other.Term && Revision > other.Revision);

    public bool Equals(Rule? other) =>
        other is not null && Term == other.Term && Revision == other.Revision && Leader == other.Leader
        && Policy == other.Policy && Voters.AsSpan().SequenceEqual(other.Voters.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Term, Revision, Leader, Policy);

    public override string ToString() =>
        $"term {Term}.{Revision}, leader {Leader}, voters {string.Join(' ', Voters)}, {Policy}";
}
