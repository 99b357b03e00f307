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

    /// <summary>
    /// Different cells in which those copies must lie. Cut down to the cells that the voters have, as the copies are
    /// cut down to the voters: the instance is then still growing.
    /// </summary>
    public int RequiredCells => Math.Min(Policy.Cells, CellsOf(static _ => true));

    /// <summary>Whether the node, in this life of its promises, votes.</summary>
    public bool HasVoter(NodeId node, Incarnation incarnation)
    {
        foreach (var voter in Voters)
        {
            if (voter.Node == node)
            {
                return voter.Incarnation == incarnation;
            }
        }

        return false;
    }

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
    /// Whether these recruited voters may decide the next term (docs/architecture.md, step 4): a strict majority, and
    /// the others could not form a commit quorum of this rule. Asynchronous mode gives up the second half: that is what
    /// asynchronous means.
    /// </summary>
    public bool IsEnough(Predicate<Voter> isRecruited)
    {
        var recruited = 0;
        foreach (var voter in Voters)
        {
            recruited += isRecruited(voter) ? 1 : 0;
        }

        return recruited >= MajorityCount && (Policy.IsAsynchronous || !IsQuorum(v => !isRecruited(v)));
    }

    /// <summary>Whether copies at all of these voters make a commit durable under this rule.</summary>
    public bool IsQuorum(Predicate<Voter> holds)
    {
        var copies = 0;
        foreach (var voter in Voters)
        {
            copies += holds(voter) ? 1 : 0;
        }

        return copies >= RequiredCopies && (Policy.Cells == 1 || CellsOf(holds) >= RequiredCells);
    }

    /// <summary>
    /// Whether copies of a rule row at all of these voters prove it: a quorum, and a majority in any policy, so that
    /// no later rule forks.
    /// </summary>
    public bool IsProof(Predicate<Voter> holds)
    {
        var copies = 0;
        foreach (var voter in Voters)
        {
            copies += holds(voter) ? 1 : 0;
        }

        return copies >= MajorityCount && IsQuorum(holds);
    }

    /// <summary>How many different cells these voters lie in.</summary>
    private int CellsOf(Predicate<Voter> isMeant)
    {
        var cells = 0;
        for (var i = 0; i < Voters.Length; i++)
        {
            var isFirst = isMeant(Voters[i]);
            for (var j = 0; j < i && isFirst; j++)
            {
                isFirst = Voters[j].Cell != Voters[i].Cell || !isMeant(Voters[j]);
            }

            cells += isFirst ? 1 : 0;
        }

        return cells;
    }

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
