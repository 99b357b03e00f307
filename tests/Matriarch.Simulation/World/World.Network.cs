using Matriarch.Consensus;
using Matriarch.Core;

namespace Matriarch.Simulation;

/// <summary>The network between agents: it loses, delays, repeats, reorders and is cut.</summary>
internal sealed partial class World
{
    private readonly bool[,] _cut;
    private int _cutEpoch;

    private void Post(SimulatedNode from, NodeId to, Message message)
    {
        var target = to.Value[0] - 'a';
        if (target < 0 || target >= _nodes.Length)
        {
            return;
        }

        if (message is not (Message.Heartbeat or Message.LeaseAck))
        {
            Note(from, "sends", to, message);
        }

        var copies = !_isHealed && _random.NextDouble() < _profile.Duplication ? 2 : 1;
        for (var i = 0; i < copies; i++)
        {
            if (_cut[from.Index, target] || (!_isHealed && _random.NextDouble() < _profile.Loss))
            {
                continue;
            }

            var at = !_isHealed && _random.NextDouble() < _profile.Stragglers
                ? Upto(2000)
                : Upto(_profile.DelayMilliseconds) + (Profile.Millisecond / 10);
            _agenda.Add(
                at, Occasion.Arrive, target, _nodes[target].AgentEpoch,
                payload: new ConsensusEvent.Received(from.Id, message));
        }
    }

    private bool IsReachable(int a, int b) => !_cut[a, b] && !_cut[b, a];

    private long TripTime() => Upto(_profile.DelayMilliseconds) + (Profile.Millisecond / 10);
}
