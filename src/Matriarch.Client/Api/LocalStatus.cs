namespace Matriarch.Client;

/// <summary>Answer of <c>GET /v1/local</c>: the agent's own process and server, without asking anyone else.</summary>
/// <param name="Node">The node that the agent leads.</param>
/// <param name="AgentPid">The agent's process id.</param>
/// <param name="PostmasterPid">The process id of its PostgreSQL; null while it does not run.</param>
public sealed record LocalStatus(string Node, int AgentPid, int? PostmasterPid);
