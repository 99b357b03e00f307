using Microsoft.Extensions.Logging;

namespace Matriarch.Agent;

internal sealed partial class EventOutbox
{
    [LoggerMessage(EventId = 6020, EventName = "event", Message = "{Kind} (term {Term}): {Text}")]
    private partial void LogEvent(LogLevel level, string kind, uint term, string text);

    [LoggerMessage(6021, LogLevel.Debug, "events wait for the topology store: {Reason}")]
    private partial void LogStoreUnavailable(string reason);
}
