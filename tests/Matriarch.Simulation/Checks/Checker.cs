using Matriarch.Consensus;
using Matriarch.Core;

namespace Matriarch.Simulation;

/// <summary>
/// Sees everything, as nobody in a real cluster can, and says when a promise to clients or an invariant of the protocol
/// is broken. Safety only; liveness is judged by the world once it is healed.
/// </summary>
internal sealed class Checker(SimulatedNode[] nodes, Story story, bool isAsynchronous)
{
    private readonly Dictionary<uint, NodeId> _leaders = [];
    private readonly Dictionary<uint, int> _writers = [];
    private readonly List<WalEntry> _acknowledged = [];
    private readonly List<(long At, int Node)> _acknowledgedAt = [];
    private readonly List<WalEntry> _seen = [];
    private readonly HashSet<WalEntry> _isSeen = [];
    private int _seenUpto;
    private int _seenGate = -1;

    public int Acknowledgements => _acknowledged.Count;

    public bool IsAsynchronous => isAsynchronous;

    public int Reigns => _leaders.Count;

    /// <summary>Acknowledgements are no news any more.</summary>
    public bool IsQuiet { get; set; }

    public int ReadCount { get; private set; }

    /// <summary>An agent says something that only a durable promise allows.</summary>
    public static void Sent(SimulatedNode node, Message message)
    {
        var term = message switch
        {
            Message.Recruited recruited => recruited.Term,
            Message.LeaseAck ack => ack.Term,
            _ => Term.None,
        };
        Require(term <= node.Owed, "an answer follows from a promise that is not on disk");
    }

    /// <summary>A tick before the time that the node had announced has changed nothing.</summary>
    public static void WasIdle(List<Effect> effects, TimeSpan announced)
    {
        if (effects.Count > 0)
        {
            throw new SafetyException($"woken before {announced}, which it had asked for, a node does {effects[0]}");
        }
    }

    /// <summary>A process begins with the promise that is on disk.</summary>
    public static void Starts(SimulatedNode node) =>
        Require(node.Durable.Term >= node.Owed, "a durable promise has gone down");

    /// <summary>A server writes a record.</summary>
    public void Writes(SimulatedNode node, WalEntry entry)
    {
        if (entry.IsStray)
        {
            return;
        }

        if (_writers.TryGetValue(entry.Timeline, out var writer))
        {
            Require(
                writer == node.Index && entry.Kind != WalKind.Promotion, "two promotions have made the same timeline");
        }
        else
        {
            _writers[entry.Timeline] = node.Index;
        }
    }

    /// <summary>A gate opens, or goes on under another rule.</summary>
    public void Serves(SimulatedNode node, Rule rule)
    {
        if (_leaders.TryGetValue(rule.Term.Value, out var leader))
        {
            Require(leader == node.Id, "two nodes have served the same term");
        }

        _leaders[rule.Term.Value] = node.Id;
        OneGate(node);
        // A server that has just ended is not yet known to have; a standby behind an open gate is.
        Require(
            node.Postgres is { State: ServerState.Primary or ServerState.Down },
            "the gate is open in front of a standby");
        Require(rule.Leader == node.Id, "the rule names another leader");
        HoldsEverything(node, "a node begins to serve without");
        RowIsCommitted(node, rule);
    }

    /// <summary>At any true time at most one gate lets clients through.</summary>
    public void OneGate(SimulatedNode node)
    {
        foreach (var other in nodes)
        {
            Require(other == node || !other.IsOpen || !node.IsOpen, "two nodes serve at the same time");
        }
    }

    private static void RowIsCommitted(SimulatedNode node, Rule rule)
    {
        var log = node.Postgres!.Log;
        for (var i = log.Count - 1; i >= 0; i--)
        {
            if (log[i].Kind != WalKind.Rule || !rule.Equals(log[i].RuleAsOf))
            {
                continue;
            }

            var holders = log[i].Holders;
            if (rule.IsQuorum(voter => (holders >> (voter.Node.Value[0] - 'a') & 1) == 1))
            {
                return;
            }
        }

        Require(false, "a node serves under a rule row that no quorum holds");
    }

    private void HoldsEverything(SimulatedNode node, string what)
    {
        if (isAsynchronous)
        {
            return;
        }

        var log = node.Postgres!.Log;
        foreach (var entry in _acknowledged)
        {
            Require(Holds(log, entry), what, "the acknowledged write", entry);
        }

        foreach (var entry in _seen)
        {
            Require(Holds(log, entry), what, "the write that was read before,", entry);
        }
    }

    private static bool Holds(List<WalEntry> log, WalEntry entry) =>
        entry.Index < log.Count && ReferenceEquals(log[entry.Index], entry);

    public void Acknowledged(long at, SimulatedNode node, WalEntry entry)
    {
        if (!IsQuiet)
        {
            story.Add(at, node.Index, "write acknowledged", entry.End);
        }

        _acknowledged.Add(entry);
        _acknowledgedAt.Add((at, node.Index));
    }

    public int AcknowledgedSince(long time, SimulatedNode node)
    {
        var count = 0;
        for (var i = _acknowledgedAt.Count - 1; i >= 0 && _acknowledgedAt[i].At > time; i--)
        {
            count += _acknowledgedAt[i].Node == node.Index ? 1 : 0;
        }

        return count;
    }

    /// <summary>A read through an open gate sees everything that was acknowledged before it began.</summary>
    public void Reads(SimulatedNode node, SimulatedPostgres server, long begun)
    {
        ReadCount++;
        if (isAsynchronous)
        {
            return;
        }

        for (var i = 0; i < _acknowledged.Count; i++)
        {
            if (_acknowledgedAt[i].At <= begun)
            {
                Require(
                    Holds(server.Log, _acknowledged[i]), "a read misses", "the acknowledged write", _acknowledged[i]);
            }
        }

        See(node, server);
    }

    private void See(SimulatedNode node, SimulatedPostgres server)
    {
        var gate = (node.Index * 1_000_000) + node.GateEpoch;
        if (_seenGate != gate)
        {
            _seenGate = gate;
            _seenUpto = 0;
        }

        var visible = server.Waiting.Count > 0 ? server.Waiting[0].Entry.Index : server.Log.Count;
        for (; _seenUpto < visible; _seenUpto++)
        {
            var entry = server.Log[_seenUpto];
            if (entry is { Kind: WalKind.Write, IsExposed: false } && _isSeen.Add(entry))
            {
                _seen.Add(entry);
            }
        }
    }

    /// <summary>The story is over: whoever serves has everything.</summary>
    public void End(SimulatedNode[] all)
    {
        foreach (var node in all)
        {
            if (node.IsOpen)
            {
                HoldsEverything(node, "at the end the primary lacks");
            }
        }
    }

    private static void Require(bool holds, string what, string about, WalEntry entry)
    {
        if (!holds)
        {
            throw new SafetyException($"{what} {about} at {entry.End}");
        }
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new SafetyException(what);
        }
    }
}
