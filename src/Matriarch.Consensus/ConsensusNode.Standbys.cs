using Matriarch.Core;

namespace Matriarch.Consensus;

/// <summary>
/// Which standbys a leader has PostgreSQL wait for. Any setting whose every acknowledged set is a quorum of the rule is
/// as safe as any other. PostgreSQL counts names and knows no cells, so the setting for all voters may ask for more of
/// them than the rule does; where that many are not there for a while, those that are get one of their own.
/// </summary>
public sealed partial class ConsensusNode
{
    private void Want(LeadershipState leading, Rule rule, int leastCopies = 1)
    {
        leading.Standbys = (rule, leastCopies);
        leading.UnmetSince = null;
        Synchronize(SynchronousStandbys.For(rule, _self, leastCopies));
    }

    /// <summary>Only where cells count; elsewhere a count of all names asks for no more than the rule does.</summary>
    private void AdaptStandbys(LeadershipState leading)
    {
        var (rule, least) = leading.Standbys;
        if (rule is null || rule.Policy.Cells == 1)
        {
            return;
        }

        bool IsHere(NodeId node) => IsAttached(rule.Voters.First(v => v.Node == node));
        var usual = SynchronousStandbys.For(rule, _self, least);
        if (usual.IsMetBy(IsHere))
        {
            leading.UnmetSince = null;
            Synchronize(usual);
            return;
        }

        leading.UnmetSince ??= _now;
        if (HasReached(leading.UnmetSince.Value + _options.FailureTimeout)
            && (_synchronous is null || !_synchronous.IsMetBy(IsHere))
            && SynchronousStandbys.Among(rule, _self, least, IsHere) is { } those)
        {
            Synchronize(those);
        }
    }

    /// <summary>
    /// While a row is under way, nodes elsewhere may still decide by the rule before it.
    /// Majorities of two rules that differ by one voter always meet; a fixed number of copies
    /// below a majority need not, so it is raised to one meanwhile.
    /// </summary>
    private static int CopiesDuring(Rule larger) => larger.Policy.IsAsynchronous ? 1 : larger.MajorityCount;

    /// <summary>
    /// The voters are the same, so two majorities always meet; and what one of the two rules takes as a quorum the
    /// other must not miss. Where cells count under either, all voters are waited for: a voter may be named in another
    /// cell by each, and this lasts only until the row is proven.
    /// </summary>
    private void WantBoth(LeadershipState leading, Rule before, Rule after)
    {
        var areCellsMoved = !before.Voters.AsSpan().SequenceEqual(after.Voters.AsSpan());
        var copies = areCellsMoved && (before.Policy.Cells > 1 || after.Policy.Cells > 1)
            ? after.Voters.Length
            : Math.Max(after.MajorityCount, Math.Max(before.RequiredCopies, after.RequiredCopies));
        Want(leading, before.Policy.Cells > after.Policy.Cells ? before : after, copies);
    }

    /// <summary>Whether the voters that are attached now are enough for writes and for a row under the rule.</summary>
    private bool IsMet(Rule rule)
    {
        bool IsHere(NodeId node) => IsAttached(rule.Voters.First(v => v.Node == node));
        return rule.IsProof(IsAttached)
            && (SynchronousStandbys.For(rule, _self).IsMetBy(IsHere)
                || SynchronousStandbys.Among(rule, _self, 1, IsHere) is not null);
    }

    /// <summary>Whether a voter is this node, or streams from it now.</summary>
    private bool IsAttached(Voter voter) =>
        voter.Node == _self
        || (_peers.Find(voter.Node) is { Last: { IsStreaming: true } last } peer
            && IsFresh(peer) && last.Incarnation == voter.Incarnation);
}
