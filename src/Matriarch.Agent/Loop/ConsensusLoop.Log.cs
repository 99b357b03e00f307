using Microsoft.Extensions.Logging;

namespace Matriarch.Agent;

internal sealed partial class ConsensusLoop
{
    [LoggerMessage(6010, LogLevel.Critical, "consensus has ended; the agent must end too")]
    private partial void LogEnded(Exception exception);
}
