using Microsoft.Extensions.Logging;

namespace Matriarch.Agent;

internal sealed partial class EventTableWriter
{
    [LoggerMessage(6070, LogLevel.Warning, "events wait for the table matriarch.event: {Reason}")]
    private partial void LogWaits(string reason);

    [LoggerMessage(6071, LogLevel.Information, "events are written to the table matriarch.event again")]
    private partial void LogGoesOn();
}
