using Matriarch.Core;

namespace Matriarch.Consensus;

/// <summary>
/// The other members in the order of their names: few, and looked up many times a step, hence an array.
/// </summary>
internal sealed class PeerTable
{
    private Peer[] _peers = [];

    public int Count => _peers.Length;

    /// <summary>All of them; a change of the table does not touch what was handed out.</summary>
    public ReadOnlySpan<Peer> All => _peers;

    /// <summary>The peer of this name; null when it is not known.</summary>
    public Peer? Find(NodeId id)
    {
        foreach (var peer in _peers)
        {
            if (peer.Id == id)
            {
                return peer;
            }
        }

        return null;
    }

    public Peer Add(NodeId id)
    {
        var peer = new Peer(id);
        _peers = [.. _peers.Append(peer).OrderBy(p => p.Id)];
        return peer;
    }

    public void Remove(Func<Peer, bool> isGone) => _peers = [.. _peers.Where(p => !isGone(p))];
}
