using Matriarch.Core;
using Matriarch.Topology;

namespace Matriarch.Agent;

/// <summary>
/// What one agent has to write into the store of its cell, from what the store holds and what the agent knows. Pure.
/// The rules:
/// <list type="number">
/// <item>Every node of the cell writes its own record; nobody else touches that while its agent can.</item>
/// <item>What the others of the cell cannot write themselves, the records of all other cells and their leader, one
/// agent carries: of those that can use the store and are heard, the one with the lowest name.</item>
/// <item>A node that is not heard is not written down as unreachable before the carrier has been awake long enough to
/// have heard it.</item>
/// <item>A record that is missing is written by anyone who can.</item>
/// </list>
/// </summary>
internal static class CellPlan
{
    /// <summary>Whether this agent is the one that carries.</summary>
    public static bool IsCarrier(NodeId self, string cell, IEnumerable<KnownNode> others) => others.All(
        o => !(o.IsHeard && o.Carries && o.Record.Cell == cell) || self < o.Record.Name);

    /// <summary>The records to be written.</summary>
    /// <param name="held">What the store holds.</param>
    /// <param name="others">The other nodes of the instance.</param>
    /// <param name="cell">The cell of this agent and of the store.</param>
    /// <param name="isCarrier">Rule 2.</param>
    /// <param name="isAwake">Rule 3: whether silence means something.</param>
    /// <param name="isLagDue">Whether a change of only the lag is written too.</param>
    public static IEnumerable<NodeRecord> ToWrite(
        IReadOnlyList<NodeRecord> held, IEnumerable<KnownNode> others, string cell, bool isCarrier, bool isAwake,
        bool isLagDue)
    {
        foreach (var other in others)
        {
            var there = held.FirstOrDefault(h => h.Name == other.Record.Name);
            if (there is null || (isCarrier && MayChange(other, cell, isAwake) && IsNews(there, other, isLagDue)))
            {
                yield return other.Record;
            }
        }
    }

    private static bool MayChange(KnownNode other, string cell, bool isAwake) => other.Record.Cell == cell
        ? other is { IsHeard: true, Carries: false }
        : other.IsHeard || isAwake;

    private static bool IsNews(NodeRecord there, KnownNode other, bool isLagDue) =>
        !there.Equals(isLagDue ? other.Record : other.Record with { LagBytes = there.LagBytes });
}
