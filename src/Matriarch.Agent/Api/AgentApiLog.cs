using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Matriarch.Agent;

internal static partial class AgentApiLog
{
    [LoggerMessage(6050, LogLevel.Error, "the request {Path} failed")]
    public static partial void Failed(ILogger logger, Exception exception, PathString path);
}
