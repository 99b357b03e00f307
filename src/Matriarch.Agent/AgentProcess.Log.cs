using Matriarch.Client;
using Matriarch.Core;
using Microsoft.Extensions.Logging;

namespace Matriarch.Agent;

public sealed partial class AgentProcess
{
    [LoggerMessage(6060, LogLevel.Information, "the agent of {Node} has started as process {Pid}")]
    private partial void LogStarted(NodeId node, int pid);

    [LoggerMessage(6061, LogLevel.Information, "the agent ends; PostgreSQL: {Postgres}")]
    private partial void LogEnding(PostgresAtShutdown postgres);

    [LoggerMessage(6062, LogLevel.Warning, "the leadership was not handed over before the end: {Reason}")]
    private partial void LogNotHandedOver(string reason);
}
