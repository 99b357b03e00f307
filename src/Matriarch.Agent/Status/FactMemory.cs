using Matriarch.Client;
using Matriarch.Core;
using Matriarch.Topology;
using EventSeverity = Matriarch.Topology.EventSeverity;

namespace Matriarch.Agent;

/// <summary>What the events of an instance say that holds: there an agent that has just started goes on.</summary>
internal static class FactMemory
{
    /// <summary>How an event names its fact.</summary>
    public static ToldFact Of(FactChange change) => new(
        change.Subject.Topic, change.Subject.Node.IsNone ? null : change.Subject.Node,
        change.Subject.Scope == FactScope.Node, change.After is null);

    /// <summary>
    /// What was told to be wrong and not to be over, of the instance and of this node. What is well need not be
    /// remembered: that it is so is no news.
    /// </summary>
    /// <param name="events">Oldest first.</param>
    /// <param name="self">This node.</param>
    public static IReadOnlyList<StatusFact> Read(IEnumerable<EventRecord> events, NodeId self)
    {
        var wrong = new Dictionary<(string, NodeId), StatusFact>();
        foreach (var told in events)
        {
            if (told.Fact is not { } fact || (fact.IsOwn && told.Node != self))
            {
                continue;
            }

            var about = fact.About ?? default;
            if (fact.IsOver || told.Severity == EventSeverity.Info)
            {
                wrong.Remove((fact.Topic, about));
                continue;
            }

            wrong[(fact.Topic, about)] = new StatusFact(
                fact.Topic, about, fact.IsOwn ? FactScope.Node : FactScope.Instance, told.Kind,
                told.Severity == EventSeverity.Error ? FactSeverity.Error : FactSeverity.Warning, told.Message);
        }

        return [.. wrong.Values];
    }
}
