using Matriarch.Core;

namespace Matriarch.Client;

/// <summary>One node of an instance as one agent sees it. Values are null when nobody has told them lately.</summary>
/// <param name="Name">The node.</param>
/// <param name="Cell">Its failure domain.</param>
/// <param name="Role">What it is to clients.</param>
/// <param name="State">What its PostgreSQL is doing.</param>
/// <param name="Host">Where its PostgreSQL listens.</param>
/// <param name="Port">1 to 65535.</param>
/// <param name="PostmasterPid">Process id of PostgreSQL on its machine; null while it does not run.</param>
/// <param name="AgentPid">Process id of its agent on its machine.</param>
/// <param name="Lsn">Primary: written; replica: replayed. PostgreSQL's text form, <c>0/3000148</c>.</param>
/// <param name="LagBytes">WAL of the primary that it has not replayed yet; 0 for the primary.</param>
/// <param name="UptimeSeconds">Since its PostgreSQL started.</param>
/// <param name="Reason">Why it is not what it should be; null when all is well.</param>
public sealed record NodeStatus(
    string Name,
    string Cell,
    NodeRole Role,
    NodeState State,
    string Host,
    int Port,
    int? PostmasterPid,
    int? AgentPid,
    string? Lsn,
    long? LagBytes,
    double? UptimeSeconds,
    string? Reason);
