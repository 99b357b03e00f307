using Microsoft.Extensions.Logging;

namespace Matriarch.Gateway;

internal sealed partial class AgentFeed
{
    [LoggerMessage(EventId = 5030, Level = LogLevel.Information, Message = "Hears the agent at {Address}, node {Node}")]
    private partial void LogHeard(string address, string node);

    [LoggerMessage(EventId = 5031, Level = LogLevel.Debug, Message = "Does not hear the agent at {Address}: {Why}")]
    private partial void LogLost(string address, string why);
}
