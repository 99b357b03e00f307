using Microsoft.Extensions.Logging;

namespace Matriarch.Proxy;

internal sealed partial class Reactor
{
    [LoggerMessage(
        EventId = 4000, Level = LogLevel.Error, Message = "A handler of {What} failed; its connection is closed")]
    private partial void LogHandlerFailed(Exception error, string what);
}
