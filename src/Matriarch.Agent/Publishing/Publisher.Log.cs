using Microsoft.Extensions.Logging;

namespace Matriarch.Agent;

internal sealed partial class Publisher
{
    [LoggerMessage(6032, LogLevel.Information, "term {Term} was not published: the store holds term {Current} already")]
    private partial void LogSuperseded(uint term, uint current);

    [LoggerMessage(6033, LogLevel.Warning,
        "the topology store has lost the leadership of term {Term}: it is published again")]
    private partial void LogPublishedAgain(uint term);
}
