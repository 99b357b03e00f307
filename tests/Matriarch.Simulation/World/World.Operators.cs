using Matriarch.Consensus;
using Matriarch.Core;

namespace Matriarch.Simulation;

/// <summary>
/// What people set and ask: cells, priorities, other policies, the removal of a node that is down. Drawn from dice of
/// their own, and in a quarter of all worlds only, so that the others stay what they were and as dense as they were.
/// </summary>
internal sealed partial class World
{
    private static readonly string[] Policies =
        ["majority", "2", "3", "2-cells", "majority:2-cells", "3-cells", "3:2-cells"];

    private readonly Dice _people;
    private readonly bool _arePeopleBusy;

    private NodeTraits TraitsOf(int index, int nodes, NodeTraits usual)
    {
        if (!_arePeopleBusy)
        {
            return usual;
        }

        var priority = _people.Next(5) switch { 0 when index > 0 && nodes > 2 => 0, 1 => 200, 2 => 50, _ => 100 };
        return usual with { Priority = priority, Cell = ((char)('x' + _people.Next(3))).ToString() };
    }

    private void People()
    {
        if (!_arePeopleBusy || _people.Next(3) != 0 || OpenNode() is not { Agent: not null, IsFrozen: false } leader)
        {
            return;
        }

        if (_people.Next(3) == 0)
        {
            var node = _ids[_people.Next(_ids.Length)];
            Note(leader, "is asked to remove", node);
            Step(leader, new ConsensusEvent.RemovalAsked(node, 2));
        }
        else if (!_checker.IsAsynchronous)
        {
            var policy = DurabilityPolicy.Parse(Policies[_people.Next(Policies.Length)]);
            Note(leader, "is asked for", policy);
            Step(leader, new ConsensusEvent.PolicyAsked(policy, 3));
        }
    }
}
