using System.Collections.Immutable;
using Matriarch.Consensus;
using Matriarch.Core;

namespace Matriarch.Agent;

/// <summary>
/// Whose turn it is to restart: what the leader tells with its heartbeats, and what a standby makes of it. The leader's
/// word counts only while it is fresh, so a leader that has failed gives nobody a turn.
/// </summary>
internal sealed class SlotTurns(
    NodeId self, PeerDirectory peers, Func<LoopSnapshot> loop, Func<DriverReport> driver, Func<SlotReport> report,
    Func<bool> isPaused, TimeProvider time)
{
    private static readonly TimeSpan FreshTime = TimeSpan.FromMilliseconds(500);

    private readonly long _startedAt = time.GetTimestamp();
    private readonly Lock _deciding = new();
    private RestartTurns _turns = new();
    private Term _term;
    private (NodeId Leader, Term Term, ulong Number) _taken;

    /// <summary>What this node tells the others. For any thread.</summary>
    public SlotFacts Facts()
    {
        var turn = Decide();
        return new SlotFacts(
            driver().Snapshot?.LogicalSlots ?? 0, report().Waiting, turn?.Node.Value, turn?.Number ?? 0);
    }

    /// <summary>
    /// Whether it is this standby's turn, and was not before: asked once, a turn is taken. Called by the driver.
    /// </summary>
    public bool TryTake(Posture.Following following)
    {
        if (report().Waiting == 0 || isPaused() || loop().Verdict != LeaderVerdict.Healthy
            || peers.Find(following.Leader) is not { Facts.Slots: { } told } leader
            || told.Turn != self.Value || !(peers.Silence(leader) < FreshTime))
        {
            return false;
        }

        var turn = (following.Leader, following.Term, told.TurnNumber);
        var isNew = turn != _taken;
        _taken = turn;
        return isNew;
    }

    private RestartTurn? Decide()
    {
        var decided = loop();
        if (!decided.IsServing || driver().Snapshot is not { IsInRecovery: false } primary
            || decided.Rule is not { } rule)
        {
            return null;
        }

        var standbys = peers.Entries.Select(p => new TurnCandidate(
            p.Key, rule.HasVoter(p.Key),
            p.Value.Facts.State == NodeState.Streaming && peers.Silence(p.Value) < FreshTime,
            p.Value.Facts.Slots?.Waiting ?? 0)).ToImmutableArray();
        var picture = new TurnPicture(
            decided is { Phase: LeadershipPhase.Serving, IsChanging: false, IsQuiesced: false } && !isPaused(),
            driver().Status.Synchronous,
            [.. primary.WalSenders.Where(s => s.State == "streaming" && NodeId.IsValid(s.ApplicationName))
                .Select(s => new NodeId(s.ApplicationName))],
            [.. rule.Voters.Select(v => v.Node).Where(n => n != self)], standbys);
        lock (_deciding)
        {
            if (_term != decided.Known.Term)
            {
                (_term, _turns) = (decided.Known.Term, new RestartTurns());
            }

            return _turns.Decide(picture, time.GetElapsedTime(_startedAt));
        }
    }
}
