using Matriarch.Client;
using Matriarch.Consensus;

namespace Matriarch.Agent;

/// <summary>What only this agent can see: its PostgreSQL, and its own way to the topology store.</summary>
internal static class OwnFacts
{
    public const string PostgresTopic = "postgres";
    public const string StoreTopic = "store";

    public static IEnumerable<StatusFact> Of(StatusPicture picture)
    {
        var (kind, severity, text) = Postgres(picture.Driver);
        yield return new StatusFact(
            PostgresTopic, picture.Self, FactScope.Node, kind, severity, $"PostgreSQL of {picture.Self} {text}");
        yield return picture.StoreFault is { } fault
            ? new StatusFact(
                StoreTopic, picture.Self, FactScope.Node, "store-unreachable", FactSeverity.Warning,
                $"{picture.Self} cannot use the topology store; what it publishes waits: {fault}")
            : new StatusFact(
                StoreTopic, picture.Self, FactScope.Node, "store-reachable", FactSeverity.Ok,
                $"{picture.Self} can use the topology store");
    }

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
