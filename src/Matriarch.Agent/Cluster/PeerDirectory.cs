using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Matriarch.Core;
using Matriarch.Postgres;

namespace Matriarch.Agent;

/// <summary>
/// Where the other nodes are and what they said last. Fed by heartbeats and by the topology store, and kept in a file,
/// so that agents find each other through an outage of the store and their own restart. Safe for any thread.
/// </summary>
internal sealed class PeerDirectory(NodeId self, int maxNodes, string cacheFile, TimeProvider time)
{
    private readonly ConcurrentDictionary<NodeId, PeerEntry> _peers = new();
    private readonly Lock _saving = new();

    /// <summary>The other nodes, by name.</summary>
    public IReadOnlyList<NodeId> Ids => [.. _peers.Keys.Order()];

    /// <summary>Everything known, by name.</summary>
    public IReadOnlyList<KeyValuePair<NodeId, PeerEntry>> Entries => [.. Snapshot().OrderBy(p => p.Key)];

    /// <summary>The newest probe of every node that sends some.</summary>
    public ImmutableDictionary<NodeId, Probe> Probes() => _peers
        .Where(p => p.Value.Facts.Probe is not null)
        .ToImmutableDictionary(p => p.Key, p => p.Value.Facts.Probe!.Value);

    /// <summary>What is known of one node; null when it is unknown.</summary>
    public PeerEntry? Find(NodeId node) => _peers.GetValueOrDefault(node);

    /// <summary>Takes the facts of a heartbeat. False when the instance already has as many nodes as it may.</summary>
    public bool Heard(NodeId node, NodeFacts facts, Incarnation incarnation = default)
    {
        if (node == self || (!_peers.ContainsKey(node) && _peers.Count >= maxNodes - 1))
        {
            return false;
        }

        var known = _peers.GetValueOrDefault(node);
        var endpoint = known?.Facts.Heartbeat == facts.Heartbeat ? known.Endpoint : Resolve(facts.Heartbeat);
        _peers[node] = new PeerEntry(facts, endpoint, time.GetTimestamp(), incarnation);
        if (known is null || known.Facts.Heartbeat != facts.Heartbeat || known.Facts.Port != facts.Port)
        {
            Save();
        }

        return true;
    }

    /// <summary>Takes what the store or the file says about a node that has not been heard itself.</summary>
    public void Registered(NodeId node, NodeFacts facts, Incarnation incarnation = default)
    {
        if (node != self && _peers.Count < maxNodes - 1 && _peers.GetValueOrDefault(node)?.HeardAt is null)
        {
            _peers[node] = new PeerEntry(facts, Resolve(facts.Heartbeat), null, incarnation);
        }
    }

    /// <summary>Forgets a node that is no member any more, until it is heard or registered again.</summary>
    public void Forget(NodeId node)
    {
        if (_peers.TryRemove(node, out _))
        {
            Save();
        }
    }

    /// <summary>
    /// Forgets the nodes that are not registered any more, do not vote, and have been silent, by the clock of this
    /// process, for so long: somebody removed them.
    /// </summary>
    public void ForgetRemoved(IReadOnlyCollection<NodeId> registered, Func<NodeId, bool> isVoter, TimeSpan silence)
    {
        foreach (var (node, entry) in _peers)
        {
            if (!registered.Contains(node) && !isVoter(node) && !(Silence(entry) < silence))
            {
                Forget(node);
            }
        }
    }

    /// <summary>Where to follow a leader; null while its address is unknown.</summary>
    public Upstream? UpstreamOf(NodeId leader, Term term) =>
        _peers.GetValueOrDefault(leader) is { } entry
            ? new Upstream(leader, entry.Facts.Host, entry.Facts.Port, term)
            : null;

    /// <summary>How long ago a node was last heard; null when it never was.</summary>
    public TimeSpan? Silence(PeerEntry entry) => entry.HeardAt is { } at ? time.GetElapsedTime(at) : null;

    /// <summary>Reads the file; a missing or damaged one only means that the store has to tell.</summary>
    public void Load()
    {
        try
        {
            if (File.Exists(cacheFile)
                && JsonSerializer.Deserialize(File.ReadAllText(cacheFile),
                    PeersJson.Default.DictionaryStringNodeFacts) is { } all)
            {
                foreach (var (name, facts) in all.Where(p => NodeId.IsValid(p.Key)))
                {
                    Registered(new NodeId(name), facts);
                }
            }
        }
        catch (JsonException)
        {
            File.Delete(cacheFile);
        }
    }

    // The dictionary's own copy: what sorts a collection asks for its size first and copies then, and fails when
    // another thread has added to it in between.
    private KeyValuePair<NodeId, PeerEntry>[] Snapshot() => _peers.ToArray();

    private void Save()
    {
        lock (_saving)
        {
            var all = Snapshot().OrderBy(p => p.Key).ToDictionary(p => p.Key.Value, p => p.Value.Facts);
            var temporary = cacheFile + ".new";
            File.WriteAllText(temporary, JsonSerializer.Serialize(all, PeersJson.Default.DictionaryStringNodeFacts));
            File.Move(temporary, cacheFile, overwrite: true);
        }
    }

    private static IPEndPoint? Resolve(string address)
    {
        if (!ListenAddress.TryParse(address, out var parsed))
        {
            return null;
        }

        if (IPAddress.TryParse(parsed.Host, out var ip))
        {
            return new IPEndPoint(ip, parsed.Port);
        }

        try
        {
            return Dns.GetHostAddresses(parsed.Host) is [var first, ..] ? new IPEndPoint(first, parsed.Port) : null;
        }
        catch (System.Net.Sockets.SocketException)
        {
            // Not resolvable now; the next heartbeat or look at the store tries again.
            return null;
        }
    }
}
