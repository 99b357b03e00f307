using Matriarch.Core;
using Microsoft.Extensions.Logging;

namespace Matriarch.Gateway;

internal static partial class StalenessLog
{
    [LoggerMessage(
        EventId = 5050, Level = LogLevel.Error, Message = "Asking the agent of {Node} how stale it is failed")]
    public static partial void Failed(ILogger logger, Exception exception, NodeId node);
}
