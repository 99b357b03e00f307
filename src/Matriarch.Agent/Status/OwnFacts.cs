using Matriarch.Client;
using Matriarch.Consensus;
using Matriarch.Core;

namespace Matriarch.Agent;

/// <summary>What only this agent can see: its PostgreSQL, and its own way to the topology stores.</summary>
internal static class OwnFacts
{
    public const string PostgresTopic = "postgres";
    public const string StoreTopic = "store";
    public const string CellStoreTopic = "cell-store";

    public static IEnumerable<StatusFact> Of(StatusPicture picture)
    {
        var (kind, severity, text) = Postgres(picture.Driver);
        yield return new StatusFact(
            PostgresTopic, picture.Self, FactScope.Node, kind, severity, $"PostgreSQL of {picture.Self} {text}");
        var stores = picture.Stores;
        var name = stores.HasCell ? "the global topology store" : "the topology store";
        yield return Store(picture.Self, StoreTopic, name, stores.Global);
        if (stores.HasCell)
        {
            yield return Store(picture.Self, CellStoreTopic, "the topology store of its cell", stores.Cell);
        }
    }

    private static StatusFact Store(NodeId self, string topic, string name, string? fault) => fault is not null
        ? new StatusFact(
            topic, self, FactScope.Node, $"{topic}-unreachable", FactSeverity.Warning,
            $"{self} cannot use {name}; what it publishes waits: {fault}")
        : new StatusFact(
            topic, self, FactScope.Node, $"{topic}-reachable", FactSeverity.Ok, $"{self} can use {name}");

    private static (string Kind, FactSeverity Severity, string Text) Postgres(DriverReport report)
    {
        var why = report.Reason is { Length: > 0 } reason ? $": {reason}" : "";
        return report.Status.Condition switch
        {
            PostgresCondition.Running => ("postgres-running", FactSeverity.Ok, "runs"),
            PostgresCondition.Absent => ("postgres-absent", FactSeverity.Info, $"has no data yet{why}"),
            PostgresCondition.Stopped => ("postgres-stopped", FactSeverity.Warning, $"does not run{why}"),
            PostgresCondition.Failed => ("postgres-failed", FactSeverity.Error, $"does not start{why}"),
            _ => ("postgres-busy", FactSeverity.Info, $"is busy: {report.Activity}{why}"),
        };
    }
}
