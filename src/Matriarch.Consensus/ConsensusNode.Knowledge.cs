using Matriarch.Core;

namespace Matriarch.Consensus;

/// <summary>
/// What this node knows of others: who they are, the newest rule, the newest leadership. All of it only ever grows.
/// </summary>
public sealed partial class ConsensusNode
{
    private void OnPeersKnown(IReadOnlyList<NodeId> peers)
    {
        foreach (var id in peers)
        {
            PeerOf(id);
        }

        _peers.Remove(p => !peers.Contains(p.Id) && _rule?.HasVoter(p.Id) != true);
    }

    /// <summary>The record of a peer; null for this node itself and beyond the bound on members.</summary>
    private Peer? PeerOf(NodeId id)
    {
        if (id == _self || id.IsNone)
        {
            return null;
        }

        return _peers.Find(id) ?? (_peers.Count < 2 * _options.MaxNodes ? _peers.Add(id) : null);
    }

    private void LearnRule(Rule rule)
    {
        if (!rule.IsNewerThan(_rule))
        {
            return;
        }

        _rule = rule;
        Know(new Leadership(rule.Term, rule.Leader));
        foreach (var voter in rule.Voters)
        {
            PeerOf(voter.Node);
        }
    }

    private void Know(Leadership leadership)
    {
        if (leadership.Term > _known.Term)
        {
            _known = leadership;
            _knownSince = _now;
        }
    }
}
