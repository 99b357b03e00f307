using Matriarch.Core;
using Matriarch.Topology;

namespace Matriarch.Agent;

/// <summary>
/// Keeps the store of a cell as complete as the global one, from what this agent hears of the other cells: so a gateway
/// or an agent of the cell needs no other store, also while all that is outside of the cell is out of reach. Levels,
/// not edges: each round compares what the store holds with what is known, so a store that was wiped or restored from
/// an old copy is put right by the next round.
/// </summary>
internal sealed class CellCarrier(
    InstanceDirectory directory, NodeId self, string cell, AgentState state, Func<LoopSnapshot> loop,
    GlobalRegister register, PeerDirectory peers, TimeProvider time) : INodeReader
{
    private static readonly TimeSpan LagInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);

    /// <summary>A round that comes later than this was held up, and may have heard nobody meanwhile.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly Dictionary<NodeId, long> _gone = [];
    private LeadershipRecord? _carried;
    private long _carriedAt;
    private long _lagAt;
    private long? _roundAt;
    private long _awakeSince;
    private volatile bool _isUsable;

    /// <summary>Whether the store can be used; told to the others of the cell.</summary>
    public bool IsUsable => _isUsable;

    public async Task ReadAsync(IReadOnlyList<NodeRecord> nodes, CancellationToken cancellation)
    {
        var now = time.GetTimestamp();
        if (_roundAt is not { } before || time.GetElapsedTime(before, now) > LongestPause)
        {
            _awakeSince = now;
        }

        _roundAt = now;
        if (register.Names is null)
        {
            register.Learn(nodes);
        }

        var others = state.Others();
        var isCarrier = CellPlan.IsCarrier(self, cell, others);
        if (isCarrier)
        {
            await CarryLeadershipAsync(others, cancellation);
        }

        var isLagDue = time.GetElapsedTime(_lagAt, now) >= LagInterval;
        var isAwake = time.GetElapsedTime(_awakeSince, now) >= AgentState.SilenceLimit;
        var removed = Removed(nodes, now);
        foreach (var record in CellPlan.ToWrite(nodes, others, cell, isCarrier, isAwake, isLagDue))
        {
            if (!removed.Contains(record.Name))
            {
                await directory.RegisterNodeAsync(record, cancellation);
            }
        }

        foreach (var node in removed.Where(_ => isCarrier))
        {
            await directory.RemoveNodeAsync(node, cancellation);
        }

        _lagAt = isLagDue ? now : _lagAt;
        _isUsable = true;
    }

    public void Lost() => _isUsable = false;

    /// <summary>
    /// The leader of another cell, or one that cannot write here itself. Only that it serves is believed: that it no
    /// longer does is seen in its record.
    /// </summary>
    private async Task CarryLeadershipAsync(IReadOnlyList<KnownNode> others, CancellationToken cancellation)
    {
        var decided = loop();
        if (state.Sighted(decided) is not var (term, primary)
            || others.FirstOrDefault(o => o.Record.Name == primary) is not { } leader
            || (leader.Record.Cell == cell && leader.Carries))
        {
            return;
        }

        var wanted = new LeadershipRecord(
            term, decided.Rule is { } rule && rule.Term == term ? rule.Revision : 0, primary);
        if (wanted == _carried && time.GetElapsedTime(_carriedAt) < CheckInterval)
        {
            return;
        }

        await directory.PublishLeadershipAsync(wanted, cancellation);
        (_carried, _carriedAt) = (wanted, time.GetTimestamp());
    }

    /// <summary>
    /// Nodes that the global store does not name, that do not vote, and that nobody has heard for long enough: somebody
    /// removed them. A global store that does not name this node either was wiped, and proves nothing.
    /// </summary>
    private HashSet<NodeId> Removed(IReadOnlyList<NodeRecord> nodes, long now)
    {
        var names = register.Names;
        var rule = loop().Rule;
        var gone = names is null || rule is null || !names.Contains(self)
            ? []
            : nodes.Select(n => n.Name).Where(
                n => n != self && !names.Contains(n) && !rule.HasVoter(n) && peers.Find(n) is null).ToHashSet();
        foreach (var back in _gone.Keys.Where(n => !gone.Contains(n)).ToList())
        {
            _gone.Remove(back);
        }

        foreach (var node in gone)
        {
            _gone.TryAdd(node, now);
        }

        return [.. _gone.Where(g => time.GetElapsedTime(g.Value, now) >= GlobalRegister.RemovedSilence)
            .Select(g => g.Key)];
    }
}
