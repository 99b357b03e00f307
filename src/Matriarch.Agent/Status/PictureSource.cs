using System.Collections.Immutable;
using Matriarch.Consensus;
using Matriarch.Core;

namespace Matriarch.Agent;

/// <summary>
/// Takes the picture that facts are computed from. Remembers only what no single moment shows: since when a replica
/// has not moved, and that a slot was seen to have lost its WAL.
/// </summary>
internal sealed class PictureSource(
    NodeId self, AgentState state, PeerDirectory peers, Func<LoopSnapshot> loop, Func<DriverReport> driver,
    Func<PauseState> pause, Func<StoreFaults> stores, Func<SlotReport> slots, long mostLagBytes, TimeProvider time)
{
    private readonly Dictionary<NodeId, Progress> _progress = [];
    private readonly HashSet<NodeId> _walGone = [];

    /// <summary>Called by one thread at a time.</summary>
    public StatusPicture Take()
    {
        var (decided, report, own) = (loop(), driver(), state.Facts());
        var nodes = ImmutableArray.CreateBuilder<PictureNode>();
        var end = state.Primary() is not { } primary ? null
            : primary == self ? own.Lsn : peers.Find(primary)?.Facts.Lsn;
        nodes.Add(Node(self, own, isHeard: true, TimeSpan.Zero, end));
        foreach (var (id, entry) in peers.Entries)
        {
            nodes.Add(Node(id, entry.Facts, state.IsHeard(entry), peers.Silence(entry), end));
        }

        foreach (var gone in _progress.Keys.Except(nodes.Select(n => n.Id)).ToList())
        {
            _progress.Remove(gone);
            _walGone.Remove(gone);
        }

        LookAtSlots(decided, report, nodes);
        var copies = slots();
        return new StatusPicture(self, decided, report, nodes.DrainToImmutable(), pause(), stores(), mostLagBytes)
        {
            Slots = copies.Verdicts,
            SlotsUnreadyFor = copies.UnreadySince is { } since ? time.GetElapsedTime(since) : null,
        };
    }

    private PictureNode Node(NodeId id, NodeFacts facts, bool isHeard, TimeSpan? silence, ulong? end)
    {
        long? lag = isHeard && facts.Lsn > 0 && end is { } ahead
            ? new Lsn(ahead).BytesAfter(new Lsn(facts.Lsn)) : null;
        var before = _progress.GetValueOrDefault(id);
        var isMoving = facts.State == NodeState.Streaming && (lag is null or 0 || before?.Lsn != facts.Lsn);
        var progress = before is null || isMoving ? new Progress(facts.Lsn, time.GetTimestamp()) : before;
        _progress[id] = progress;

        if (facts.State == NodeState.Streaming)
        {
            _walGone.Remove(id);
        }

        return new PictureNode(
            id, facts, isHeard, silence, lag, time.GetElapsedTime(progress.At), _walGone.Contains(id));
    }

    /// <summary>A lost slot is dropped within seconds, so that the next copy can have one: it is remembered.</summary>
    private void LookAtSlots(
        LoopSnapshot decided, DriverReport report, ImmutableArray<PictureNode>.Builder nodes)
    {
        if (!decided.IsServing || report.Snapshot is not { } snapshot)
        {
            return;
        }

        for (var i = 0; i < nodes.Count; i++)
        {
            var node = nodes[i];
            var isLost = snapshot.Slots.Any(s => s.IsLost && s.Name == SlotName.For(node.Id).Value);
            if (isLost && node.Facts.State != NodeState.Streaming)
            {
                _walGone.Add(node.Id);
                nodes[i] = node with { IsWalGone = true };
            }
        }
    }

    private sealed record Progress(ulong Lsn, long At);
}
