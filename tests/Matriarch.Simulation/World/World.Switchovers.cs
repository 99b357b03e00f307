using Matriarch.Consensus;

namespace Matriarch.Simulation;

/// <summary>Planned switchovers, and what may happen to one between its announcement and its end.</summary>
internal sealed partial class World
{
    /// <summary>
    /// One, two at once, or one whose leader dies, or whose network falls apart, while it drains.
    /// </summary>
    private void SwitchOver(SimulatedNode leader)
    {
        Ask(leader);
        switch (_random.Next(6))
        {
            case 0:
                Ask(leader);
                break;
            case 1 when leader.Agent?.Phase == LeadershipPhase.Draining:
                _agenda.Add(Upto(500), Occasion.DrainingLeaderDies, leader.Index, leader.AgentEpoch);
                break;
            case 2 when leader.Agent?.Phase == LeadershipPhase.Draining:
                Cut(Faults.OneWayCut, leader, leader);
                break;
        }
    }

    private void Ask(SimulatedNode leader)
    {
        if (leader.Agent is not null && !leader.IsFrozen)
        {
            var to = _random.Next(2) == 0 ? default : _ids[_random.Next(_ids.Length)];
            TimeSpan? drain = _random.Next(3) == 0 ? TimeSpan.FromMilliseconds(_random.Next(1500)) : null;
            Step(leader, new ConsensusEvent.SwitchoverAsked(to, 1, drain));
        }
    }

    /// <summary>The transactions of clients end soon, late, or never.</summary>
    private void DrainSoon(SimulatedNode node, ulong drain)
    {
        var patience = _random.Next(4);
        if (patience > 0)
        {
            _agenda.Add(
                Upto(patience == 1 ? 3000 : 60), Occasion.Tell, node.Index, node.AgentEpoch,
                payload: new ConsensusEvent.Drained(drain));
        }
    }

    private void DrainingLeaderDies(SimulatedNode node, int epoch)
    {
        if (!_isHealed && node.AgentEpoch == epoch && node.Agent is { Phase: LeadershipPhase.Draining })
        {
            CrashNode(node, For(3000));
        }
    }
}
